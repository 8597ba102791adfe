/**
 * Rules for the parts of the host program, so that one shell can run all of them:
 * unique names and correctly spelled hooks.
 */
import { awkVariable, type Source, sharedAwks } from "./awkPrograms";
import { checkLengths } from "./sourceLengths";
import { checkNames, codeOf, tunableOf } from "./sourceNames";

/** Functions and variables NAME_HOOK that the verbs look for in a tunable. */
const hooks = [
	...["probe", "write", "persist", "refuse", "nics", "remove_last"],
	...["owned_elsewhere", "boot", "may_cut_login", "notes", "own_source"],
];

/** Variables that bash, dash, busybox ash or ksh sets or treats specially. */
const shellVariables = [
	...["BASHOPTS", "BASHPID", "CDPATH", "COLUMNS", "DIRSTACK", "ENV"],
	...["EPOCHREALTIME", "EPOCHSECONDS", "ERRNO", "EUID", "FPATH", "FUNCNAME"],
	...["GROUPS", "HISTCMD", "HOSTNAME", "HOSTTYPE", "LINENO", "LINES"],
	...["MACHTYPE", "MAIL", "OLDPWD", "OPTARG", "OPTERR", "OPTIND", "OSTYPE"],
	...["PIPESTATUS", "PPID", "PS1", "PS2", "PS3", "PS4", "PWD", "RANDOM"],
	...["REPLY", "SECONDS", "SHELLOPTS", "SHLVL", "SRANDOM", "TMOUT", "UID"],
];

function checkCalls(file: Source, tunables: readonly string[]): void {
	const own = tunableOf(file.path);
	if (own === undefined) return;
	for (const { where, code } of codeOf(file)) {
		for (const [word, owner = ""] of code.matchAll(
			/(?<![\w$/-])([A-Za-z][A-Za-z0-9]*)_[a-z]\w*/g,
		)) {
			if (owner === own || !tunables.includes(owner)) continue;
			throw new Error(
				`${where}: ${own} must not use ${word} of the tunable ${owner}; move what both need to host/lib`,
			);
		}
	}
}

function checkVariables(file: Source): void {
	const name = `(${shellVariables.join("|")})`;
	const set = new RegExp(
		`(?:^|[ \\t;&|({])${name}=|\\bfor ${name}\\b|\\bread\\b[^;|&]*[ \\t]${name}\\b`,
	);
	for (const { where, code } of codeOf(file)) {
		const found = set.exec(code)?.slice(1).find(Boolean);
		if (found !== undefined) {
			throw new Error(
				`${where}: ${found} must not be set, because shells give it a value or a meaning of their own; use another name`,
			);
		}
		if (/(?:^|[ \t;&|({])IFS=(?![^\s;]* read\b)/.test(code)) {
			throw new Error(
				`${where}: IFS must be set for one \`read\` only, because it changes how all that follows splits words; write IFS=... read`,
			);
		}
	}
}

/** The hooks that a tunable declares in its line `# hooks: NAME...`. */
function declaredHooks({ path, text }: Source): readonly string[] {
	const line = /^# hooks: (.*)$/m.exec(text)?.[1];
	if (line === undefined) {
		throw new Error(
			`${path}: the line \`# hooks: NAME...\` is missing, which names what the verbs call; known are ${hooks.join(", ")}`,
		);
	}
	return line.trim().split(/ +/);
}

function checkHooks(file: Source): void {
	const tunable = tunableOf(file.path);
	if (tunable === undefined) return;
	const declared = declaredHooks(file);
	for (const hook of declared) {
		if (hooks.includes(hook)) continue;
		throw new Error(
			`${file.path}: the hook ${hook} is unknown; known are ${hooks.join(", ")}`,
		);
	}
	const lines = codeOf(file);
	for (const hook of hooks) {
		const start = new RegExp(`^${tunable}_${hook}(\\(\\)|=)`);
		const isDefined = lines.some(({ code }) => start.test(code));
		if (isDefined === declared.includes(hook)) continue;
		throw new Error(
			isDefined
				? `${file.path}: ${tunable}_${hook} is defined, but its line \`# hooks:\` lacks it; add ${hook} there`
				: `${file.path}: its line \`# hooks:\` names ${hook}, but ${tunable}_${hook} is not defined; define it, or remove it there`,
		);
	}
}

function functionsOf(awk: Source): readonly string[] {
	return [...awk.text.matchAll(/^function (\w+)/gm)].map(
		([, name]) => `${name}`,
	);
}

function checkAwk(files: readonly Source[], awk: readonly Source[]): void {
	const known = new Set(awk.map(({ path }) => awkVariable(path)));
	const used = new Set<string>();
	for (const { where, code } of files.flatMap(codeOf)) {
		for (const [, name = ""] of code.matchAll(/\$\{?(AWK_\w+?)(?=\$|\W|$)/g)) {
			used.add(name);
			if (known.has(name)) continue;
			throw new Error(
				`${where}: there is no awk program for $${name}; add the file, or correct the name`,
			);
		}
	}
	const shared = awk.filter(({ path }) =>
		sharedAwks.some((each) => each === path),
	);
	for (const program of awk) {
		const variable = awkVariable(program.path);
		if (program.path === sharedAwks[0]) continue;
		if (!used.has(variable)) {
			throw new Error(
				`${program.path}: no shell file uses $${variable}; remove the file, or use it`,
			);
		}
		const own = functionsOf(program);
		for (const { path, text } of shared) {
			if (path === program.path) continue;
			const taken = functionsOf({ path, text });
			const clash = own.find((name) => taken.includes(name));
			if (clash === undefined) continue;
			throw new Error(
				`${program.path}: the function ${clash} is also one of ${path}; rename it, or use that one`,
			);
		}
	}
}

/**
 * Checks the shell files of a program, and its awk programs, against each other.
 *
 * @throws Error with the first place that breaks a rule, the rule, and what to do.
 */
export function checkSources(
	shell: readonly Source[],
	awk: readonly Source[],
): void {
	const tunables = shell.flatMap(({ path }) => tunableOf(path) ?? []);
	checkNames(shell, tunables);
	for (const file of [...shell, ...awk]) checkLengths(file);
	for (const file of shell) {
		checkCalls(file, tunables);
		checkVariables(file);
		checkHooks(file);
	}
	checkAwk(shell, awk);
}
