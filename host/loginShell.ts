// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is shell
/**
 * What is sent to a host is run by the account's login shell, which may be fish,
 * tcsh or zsh. The text here means the same to all of them: `exec sh -c` and words
 * in single quotes, each on one line, as csh allows no newline inside quotes.
 */

// Joins the lines, which are its arguments, and runs them with the same input.
const runLines = `'eval "$(printf "%s\\n" "$@")"'`;

// Another user than root runs the same under sudo, which clears the environment.
const underSudo = `'exec sudo -n -- env "ROOT=\${ROOT-}" "UPLOADS=$HOME" sh -c "$0" sh "$@"'`;

/** Characters to which a shell gives a meaning inside single quotes. */
const special = /'|\\[\\']|![^ =(]/;

/**
 * The command that runs a POSIX shell script, whatever the login shell is.
 *
 * @param script constant text: without single quotes, backslashes in pairs, and
 *   `!` before anything but a blank, `=` or `(`, which csh replaces.
 * @param become whether it runs as root by sudo.
 * @throws Error for a script with other characters.
 */
export function forLoginShell(script: string, become: boolean): string {
	const lines = script.split("\n");
	const wrong = lines.find((line) => special.test(line));
	if (wrong !== undefined) {
		throw new Error(
			`expected text that every shell quotes alike, got ${wrong}`,
		);
	}
	const words = lines.map((line) => `'${line}'`).join(" ");
	return become
		? `exec sh -c ${underSudo} ${runLines} ${words}`
		: `exec sh -c ${runLines} sh ${words}`;
}
