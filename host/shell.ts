// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is shell
/**
 * The only shell text that is sent to a host, but for watch.ts. It is constant: settings,
 * programs and hashes travel on standard input; only a number of seconds is in it.
 *
 * ROOT is empty in production; a lab sets it to run in a tree of its own. It is
 * handed on explicitly because sudo clears the environment. UPLOADS is where the
 * login's own files are: an SFTP session begins there.
 */

import { deployedTunable } from "../model/settings";

const program = '"${ROOT-}/usr/local/sbin/metaltune"';

/** What calling a program that is not installed exits with. */
export const missingProgram = 127;

/** What `callKnown` exits with when it would not run what is installed. */
export const otherProgram = 126;

// EX_IOERR of sysexits.h.
const incompleteProgram = 74;

/** The words the host program understands; see docs/host-program.md. */
export type Verb =
	| "probe"
	| "probe --installed"
	| "want"
	| "disown"
	| `apply --quiet --rollback=${number}`
	| "deploy --quiet"
	| `confirm ${string}`
	| `revert --owner=${string}`
	| "reboot"
	| `reboot --rollback=${number}`
	| ApplicationVerb;

/** Verbs about one application, whose name is part of the text. */
export type ApplicationVerb = `${"release-back" | "load-test"} ${string}`;

// Scripts must not hold single quotes: `asRoot` wraps them in some.
function asRoot(script: string, become: boolean): string {
	return become
		? `exec sudo -n -- env "ROOT=\${ROOT-}" "UPLOADS=$HOME" sh -c '${script}'`
		: script;
}

// After so many seconds the program ends itself, and says what it hung at.
function limited(verb: Verb, seconds: number | undefined): string {
	return seconds === undefined ? verb : `--limit=${seconds} ${verb}`;
}

/**
 * Runs the installed program; exits 127 when there is none.
 *
 * @param limitSeconds after which it ends itself and says what it hung at.
 */
export function callProgram(
	verb: Verb,
	become: boolean,
	limitSeconds?: number,
): string {
	return asRoot(
		`[ -x ${program} ] || { echo "metaltune is not installed on this host; run: pulumi up --refresh" >&2; exit ${missingProgram}; }; exec ${program} ${limited(verb, limitSeconds)}`,
		become,
	);
}

/**
 * A verb about one application.
 *
 * @throws Error when the name is none, as it becomes part of the text.
 */
export function applicationVerb(
	verb: "release-back" | "load-test",
	application: string,
): ApplicationVerb {
	if (!/^[a-z][a-z0-9-]*$/.test(application)) {
		throw new Error(
			`expected the name of an application, got ${JSON.stringify(application)}`,
		);
	}
	return `${verb} ${application}`;
}

// Succeeds when the file is a program whose identity is in $hash, with spaces
// between: every byte of it, but for the version on line 2; see `programIdentity`.
const isKnown = (file: string) =>
	`case " $hash " in *" $(LC_ALL=C sed "2{/^METALTUNE_VERSION=[0-9][0-9.]*$/d;}" ${file} | sha256sum | cut -c 1-64) "*) true ;; *) false ;; esac`;

// Standard input are the identities of programs we know, a newline, the verb's
// own input: the shell reads a line byte by byte, so that the program gets the
// rest. Any other program is not run at all, because nothing says what it would do.
const onlyIfKnown = [
	`[ -x ${program} ] || exit ${missingProgram}`,
	`{ ${isKnown(program)}; } || exit ${otherProgram}`,
];

/**
 * Runs a verb of the installed program if it is one we know. Standard input are
 * their identities with spaces between, a newline, the verb's input.
 */
export function callKnown(
	verb: Verb,
	become: boolean,
	limitSeconds?: number,
): string {
	return asRoot(
		[
			"IFS= read -r hash",
			...onlyIfKnown,
			`exec ${program} ${limited(verb, limitSeconds)}`,
		].join("\n"),
		become,
	);
}

/**
 * The verb that reverts a host for one resource.
 *
 * @throws Error when the token is none, as it becomes part of the text.
 */
export function revertFor(owner: string): Verb {
	if (!/^([0-9a-f]{32}|-)$/.test(owner)) {
		throw new Error(
			`expected the token of an owner, got ${JSON.stringify(owner)}`,
		);
	}
	return `revert --owner=${owner}`;
}

// What metaltune leaves on a host, however little of it is left.
const traces = [
	"/usr/local/sbin/metaltune",
	"/etc/metaltune",
	"/var/lib/metaltune",
	"/etc/systemd/system/metaltune.service",
];

/**
 * Reverts the host by the program that we know, whose identity is standard
 * input. Only a host without any trace of metaltune needs no revert; on one
 * that has lost its program, or has another, there is much to give back.
 *
 * @param verb of `revertFor`.
 */
export function revertWithKnown(
	verb: Verb,
	become: boolean,
	limitSeconds?: number,
): string {
	const left = traces.map((path) => `[ -e "\${ROOT-}${path}" ]`).join(" || ");
	return asRoot(
		[
			"IFS= read -r hash",
			`${left} || exit 0`,
			...onlyIfKnown,
			`exec ${program} ${limited(verb, limitSeconds)}`,
		].join("\n"),
		become,
	);
}

/**
 * Runs a program that arrives on standard input, installing nothing. Standard
 * input is the SHA-256 of the rest, a newline, the program. A shell would run
 * what it reads line by line, and succeed at nothing at all: this one runs the
 * whole or fails.
 */
export function runFromStdin(
	verb: Verb,
	become: boolean,
	limitSeconds?: number,
): string {
	const script = [
		"IFS= read -r hash",
		"text=$(cat)",
		'if [ "$(printf "%s\\n" "$text" | sha256sum)" != "$hash  -" ]; then',
		'	echo "the program did not arrive whole and was not run; was the connection lost?" >&2',
		`	exit ${incompleteProgram}`,
		"fi",
		`set -- ${limited(verb, limitSeconds)}`,
		'eval "$text"',
	].join("\n");
	// A login shell need not be a POSIX one.
	return become ? asRoot(script, become) : `exec sh -c '${script}'`;
}

/** What `installProgram` exits with on a host that has applications to remove. */
export const hasApplications = 70;

// What it was before metaltune is kept until all of it is removed.
const deployedBefore = ["var/lib", "etc"]
	.map((directory) => `"\${ROOT-}/${directory}/metaltune/baseline.tsv"`)
	.join(" ");

/**
 * Installs the program. Standard input is its SHA-256, a newline, its text.
 * The hash is checked on the host, since a connection that breaks looks like
 * the end of the file there.
 *
 * @param deploys whether it can remove applications; one that cannot is not
 *   installed where there are some.
 */
export function installProgram(become: boolean, deploys: boolean): string {
	return asRoot(
		[
			"set -eu",
			...(deploys
				? []
				: [
						`! grep -qs "^${deployedTunable}[[:blank:]]" ${deployedBefore} || exit ${hasApplications}`,
					]),
			"umask 022",
			`program=${program}`,
			'mkdir -p "${program%/*}"',
			"IFS= read -r hash",
			'new=$(mktemp "$program.XXXXXX")',
			'trap "rm -f \\"$new\\"" EXIT',
			'cat >"$new"',
			isKnown('"$new"'),
			'chmod 0755 "$new"',
			'mv -f "$new" "$program"',
		].join("\n"),
		become,
	);
}

/** Prints the boot id, which tells one boot from the next. */
export const readBootId = 'cat "${ROOT-}/proc/sys/kernel/random/boot_id"';

/**
 * Prints the change that waits to be confirmed, once the run that made it has
 * ended; fails with 1 when none does.
 */
export function changeOnTrial(become: boolean): string {
	return asRoot(
		'cd "${ROOT-}/var/lib/metaltune" 2>/dev/null && [ ! -e journal ] && grep -s "^# live" armed.tsv || exit 1',
		become,
	);
}

/** Succeeds when a boot-time change waits for a reboot. */
export const isRebootRequired =
	'[ -e "${ROOT-}/run/metaltune/reboot-required" ] || exit 1';

// Of one boot only: the next one has an empty /run.
const vainReboot = '"${ROOT-}/run/metaltune/rebooted-in-vain"';

/**
 * Notes for as long as this boot lasts that it was ordered for settings, but
 * did not bring them. Standard input is their SHA-256.
 */
export function noteVainReboot(become: boolean): string {
	return asRoot(
		`IFS= read -r hash && umask 022 && mkdir -p "\${ROOT-}/run/metaltune" && printf "%s\\n" "$hash" >${vainReboot}`,
		become,
	);
}

/** Succeeds when that was noted of the settings whose SHA-256 is given. */
export const isVainReboot = `IFS= read -r hash && grep -qsxF -e "$hash" ${vainReboot} || exit 1`;

/** Succeeds while metaltune.service is still at work after a boot. */
export const isBootAtWork =
	'[ "$(systemctl is-active metaltune.service 2>/dev/null)" = activating ] || exit 1';

/** Waits for what an image does at its first boot; how that went is its own. */
export const waitForCloudInit =
	"command -v cloud-init >/dev/null || exit 0; cloud-init status --wait >/dev/null 2>&1 || :";
