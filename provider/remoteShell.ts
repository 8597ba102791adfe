// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is shell
/**
 * The only shell text that is sent to a host, but for watch.ts. It is constant: settings,
 * programs and hashes travel on standard input; only a number of seconds is in it.
 *
 * ROOT is empty in production; a lab sets it to run in a tree of its own. It is
 * handed on explicitly because sudo clears the environment. UPLOADS is where the
 * login's own files are: an SFTP session begins there.
 */

const program = '"${ROOT-}/usr/local/sbin/metaltune"';

/** What calling a program that is not installed exits with. */
export const missingProgram = 127;

/** What `probeWithKnown` exits with when it would not run what is installed. */
export const otherProgram = 126;

/** The words the host program understands; see docs/host-program.md. */
export type Verb =
	| "probe"
	| "probe --installed"
	| "want"
	| "disown"
	| `apply --quiet --rollback=${number}`
	| "deploy --quiet"
	| "confirm"
	| `revert --owner=${string}`
	| "reboot"
	| `reboot --rollback=${number}`;

// Scripts must not hold single quotes: `asRoot` wraps them in some.
function asRoot(script: string, become: boolean): string {
	return become
		? `exec sudo -n -- env "ROOT=\${ROOT-}" "UPLOADS=$HOME" sh -c '${script}'`
		: script;
}

/** Runs the installed program; exits 127 when there is none. */
export function callProgram(verb: Verb, become: boolean): string {
	return asRoot(
		`[ -x ${program} ] || { echo "metaltune is not installed on this host; run: pulumi up --refresh" >&2; exit ${missingProgram}; }; exec ${program} ${verb}`,
		become,
	);
}

/**
 * Runs a verb about one application.
 *
 * @throws Error when the name is none, as it becomes part of the text.
 */
export function callForApplication(
	verb: "release-back" | "load-test",
	application: string,
	become: boolean,
): string {
	if (!/^[a-z][a-z0-9-]*$/.test(application)) {
		throw new Error(
			`expected the name of an application, got ${JSON.stringify(application)}`,
		);
	}
	return asRoot(`exec ${program} ${verb} ${application}`, become);
}

// Succeeds when the file is the program whose identity is in $hash: every byte
// of it, but for the version on line 2; see `programIdentity`.
const isKnown = (file: string) =>
	`[ "$(LC_ALL=C sed "2{/^METALTUNE_VERSION=[0-9][0-9.]*$/d;}" ${file} | sha256sum)" = "$hash  -" ]`;

/**
 * Runs `probe` of the installed program if it is the one we know. Standard
 * input is its identity, a newline, the settings: the shell reads a line byte
 * by byte, so that the program gets the rest. Any other program is not run at
 * all, because nothing says what it would do.
 */
export function probeWithKnown(become: boolean): string {
	return asRoot(
		[
			"IFS= read -r hash",
			`[ -x ${program} ] || exit ${missingProgram}`,
			`${isKnown(program)} || exit ${otherProgram}`,
			`exec ${program} probe`,
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

/** Reverts the host if metaltune is still on it. */
export function revertIfInstalled(verb: Verb, become: boolean): string {
	return asRoot(`[ -x ${program} ] || exit 0; exec ${program} ${verb}`, become);
}

/** Runs a program that arrives on standard input, installing nothing. */
export function runFromStdin(verb: Verb, become: boolean): string {
	return asRoot(`exec sh -s -- ${verb}`, become);
}

/**
 * Installs the program. Standard input is its SHA-256, a newline, its text.
 * The hash is checked on the host, since a connection that breaks looks like
 * the end of the file there.
 */
export function installProgram(become: boolean): string {
	return asRoot(
		[
			"set -eu",
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

/** Succeeds when a run has ended and what it changed waits to be confirmed. */
export function isOnTrial(become: boolean): string {
	return asRoot(
		'cd "${ROOT-}/var/lib/metaltune" 2>/dev/null && [ ! -e journal ] && grep -qs "^# live" armed.tsv',
		become,
	);
}

/** Succeeds when a boot-time change waits for a reboot. */
export const isRebootRequired =
	'[ -e "${ROOT-}/run/metaltune/reboot-required" ]';

// Of one boot only: the next one has an empty /run.
const vainReboot = '"${ROOT-}/run/metaltune/rebooted-in-vain"';

/**
 * Notes for as long as this boot lasts that it was ordered for settings, but
 * did not bring them. Standard input is their SHA-256.
 */
export function noteVainReboot(become: boolean): string {
	return asRoot(
		`umask 022; mkdir -p "\${ROOT-}/run/metaltune" && cat >${vainReboot}`,
		become,
	);
}

/** Succeeds when that was noted of the settings whose SHA-256 is given. */
export const isVainReboot = `IFS= read -r hash && grep -qsxF -e "$hash" ${vainReboot}`;

/** Succeeds while metaltune.service is still at work after a boot. */
export const isBootAtWork =
	'[ "$(systemctl is-active metaltune.service 2>/dev/null)" = activating ]';

/** Waits for what an image does at its first boot; how that went is its own. */
export const waitForCloudInit =
	"command -v cloud-init >/dev/null || exit 0; cloud-init status --wait >/dev/null 2>&1 || :";
