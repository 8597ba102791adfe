/**
 * Names of the host program's functions. All files share one name space, so each
 * function tells by its prefix which file has it.
 */
import { basename } from "node:path";
import type { Source } from "./awkPrograms";

export interface Line {
	readonly where: string;
	readonly code: string;
}

/** The lines of a file that are not comments. */
export function codeOf({ path, text }: Source): readonly Line[] {
	return text
		.split("\n")
		.map((code, index) => ({ where: `${path}:${index + 1}`, code }))
		.filter(({ code }) => !/^[ \t]*#/.test(code));
}

/** The tunable whose shell half this is. */
export function tunableOf(path: string): string | undefined {
	return /^tunables\/([^/]+)\/host\.sh$/.exec(path)?.[1];
}

/** The name of the function whose definition starts on this line. */
function definedIn({ code }: Line): string | undefined {
	return /^([A-Za-z_][A-Za-z0-9_]*)\(\)/.exec(code)?.[1];
}

/** What a header line `# NAME: WORD...` lists. */
function listedIn({ text }: Source, name: string): readonly string[] {
	const lines = text.matchAll(new RegExp(`^# ${name}: (.*)$`, "gm"));
	return [...lines].flatMap(([, words = ""]) => words.trim().split(/ +/));
}

/**
 * The prefix of a file's functions: its tunable, the header line `# prefix: NAME`, or
 * the file's own name.
 */
function prefixOf(file: Source): string {
	const [stated] = listedIn(file, "prefix");
	return tunableOf(file.path) ?? stated ?? basename(file.path, ".sh");
}

function checkDefinedOnce(files: readonly Source[]): void {
	const places = new Map<string, string>();
	for (const line of files.flatMap(codeOf)) {
		const name = definedIn(line);
		if (name === undefined) continue;
		const before = places.get(name);
		if (before !== undefined) {
			throw new Error(
				`${line.where}: the function ${name} is also defined in ${before}, and one would replace the other; rename one`,
			);
		}
		places.set(name, line.where);
	}
}

/** Functions without the prefix: verbs, and words of the library for tunables. */
function declaredNames(file: Source): readonly string[] {
	const verbs = listedIn(file, "verbs").map(
		(verb) => `verb_${verb.replaceAll("-", "_")}`,
	);
	return [...verbs, ...listedIn(file, "for tunables")];
}

function checkPrefix(file: Source, tunables: readonly string[]): void {
	const own = prefixOf(file);
	const declared = declaredNames(file);
	for (const line of codeOf(file)) {
		const name = definedIn(line);
		if (name === undefined || declared.includes(name)) continue;
		const owner = tunables.find((other) => name.startsWith(`${other}_`));
		if (owner !== undefined && owner !== own) {
			throw new Error(
				`${line.where}: the function ${name} has the prefix of tunables/${owner}; rename it, or move it there`,
			);
		}
		if (name === own || name.startsWith(`${own}_`)) continue;
		throw new Error(
			name.startsWith("verb_")
				? `${line.where}: the line \`# verbs:\` of this file lacks ${name}; add the verb there`
				: `${line.where}: the function ${name} must begin with ${own}_; rename it, or move it to host/lib where others need it too`,
		);
	}
}

/** A declared name is defined in its file, and a word for tunables is one's call. */
function checkDeclaredNames(file: Source, files: readonly Source[]): void {
	const defined = codeOf(file).map(definedIn);
	for (const name of declaredNames(file)) {
		if (defined.includes(name)) continue;
		throw new Error(
			`${file.path}: its header lists ${name}, which is not defined here; define it, or remove it there`,
		);
	}
	const tunables = files.filter(({ path }) => tunableOf(path) !== undefined);
	for (const name of listedIn(file, "for tunables")) {
		const call = new RegExp(`(?<![\\w$/-])${name}(?![\\w=])`);
		if (
			tunables.some((half) => codeOf(half).some(({ code }) => call.test(code)))
		)
			continue;
		throw new Error(
			`${file.path}: its line \`# for tunables:\` lists ${name}, which no tunable calls; give the function the prefix ${prefixOf(file)}_`,
		);
	}
}

/**
 * Checks that every function carries the prefix of its file, unless the header of the
 * file lists it, and that none is defined twice.
 *
 * @throws Error with the first place that breaks a rule, the rule, and what to do.
 */
export function checkNames(
	files: readonly Source[],
	tunables: readonly string[],
): void {
	for (const file of files) {
		checkPrefix(file, tunables);
		checkDeclaredNames(file, files);
	}
	checkDefinedOnce(files);
}
