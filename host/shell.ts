// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is shell
/**
 * The only shell code that is sent to a host, apart from watch.ts. It runs, sends
 * or installs the host program, and reads what is needed before one is installed.
 * Settings, programs and hashes travel on standard input.
 *
 * ROOT is empty in production; a lab sets it to run in its own tree. It is passed
 * explicitly because sudo clears the environment. UPLOADS is the directory of the
 * login's own files: an SFTP session starts there.
 */

import { deployedTunable } from "../model/settings";
import { forLoginShell } from "./loginShell";
import { exitCodes, type Verb } from "./protocol";

const program = '"${ROOT-}/usr/local/sbin/metaltune"';

// EX_IOERR of sysexits.h.
const incompleteProgram = 74;

// Seconds after which the program ends itself, and names the hanging command.
function limited(verb: Verb, seconds: number | undefined): string {
	return seconds === undefined ? verb : `--limit=${seconds} ${verb}`;
}

/**
 * Runs the installed program; exits 127 when there is none.
 *
 * @param limitSeconds after which it ends itself and names the hanging command.
 */
export function callProgram(
	verb: Verb,
	become: boolean,
	limitSeconds?: number,
): string {
	return forLoginShell(
		`[ -x ${program} ] || { echo "metaltune is not installed on this host; run: pulumi up --refresh" >&2; exit ${exitCodes.missingProgram}; }; exec ${program} ${limited(verb, limitSeconds)}`,
		become,
	);
}

// Succeeds when the file is a program whose identity is in $hash, space-separated:
// every byte except the version on line 2; see `programIdentity`.
const isKnown = (file: string) =>
	`case " $hash " in *" $(LC_ALL=C sed "2{/^METALTUNE_VERSION=[0-9][0-9.]*$/d;}" ${file} | sha256sum | cut -c 1-64) "*) true ;; *) false ;; esac`;

/**
 * Runs a verb of the installed program if its hash is known; an unknown program is
 * never run. Standard input is the known identities separated by spaces, a newline,
 * and the verb's own input. The shell reads the first line byte by byte, so that
 * the program gets the rest.
 */
export function callKnown(
	verb: Verb,
	become: boolean,
	limitSeconds?: number,
): string {
	return forLoginShell(
		[
			"IFS= read -r hash",
			`[ -x ${program} ] || exit ${exitCodes.missingProgram}`,
			`{ ${isKnown(program)}; } || exit ${exitCodes.otherProgram}`,
			`exec ${program} ${limited(verb, limitSeconds)}`,
		].join("\n"),
		become,
	);
}

/**
 * Runs a program that arrives on standard input, without installing it. Standard
 * input is the SHA-256 of the rest, a newline, the program. A plain shell would run
 * it line by line, and exit 0 for an empty one: this runs the whole program or
 * fails.
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
	return forLoginShell(script, become);
}

/** `installProgram` exits with this on a host that has applications to remove. */
export const hasApplications = 70;

// The original is kept until all of metaltune is removed.
const deployedBefore = ["var/lib", "etc"]
	.map((directory) => `"\${ROOT-}/${directory}/metaltune/baseline.tsv"`)
	.join(" ");

/**
 * Installs the program. Standard input is its SHA-256, a newline, its text. The
 * host checks the hash, since a broken connection looks like the end of the file
 * there.
 *
 * @param deploys whether it can remove applications; one that cannot is not
 *   installed on a host that has some.
 */
export function installProgram(become: boolean, deploys: boolean): string {
	return forLoginShell(
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

/** Prints the boot ID. */
export const readBootId = forLoginShell(
	'cat "${ROOT-}/proc/sys/kernel/random/boot_id"',
	false,
);

/** Waits for the image's first-boot work; ignores its result. */
export const waitForCloudInit = forLoginShell(
	"command -v cloud-init >/dev/null || exit 0; cloud-init status --wait >/dev/null 2>&1 || :",
	false,
);
