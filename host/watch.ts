// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is shell
/**
 * Watches a host's CPUs for some seconds, without changing the host and without
 * privileges. As in shell.ts, the shell text is constant except for the seconds.
 */

import { SshError } from "../ssh/errors";
import type { Host } from "./call";
import { wordFailure } from "./failure";
import { forLoginShell } from "./loginShell";

const script = [
	"export LC_ALL=C S_TIME_FORMAT=ISO S_COLORS=never",
	"part() {",
	'	[ -e "$2" ] || return 0',
	'	printf "== %s\\n" "$1"',
	// /proc/interrupts is mostly blanks: megabytes of them on a large machine.
	'	tr -s " " 2>/dev/null <"$2" && printf "\\n== end\\n" || echo',
	"}",
	"counters() {",
	"	for file in stat interrupts uptime; do",
	'		part "$file $1" "${ROOT-}/proc/$file"',
	"	done",
	"}",
	"for file in online isolated nohz_full; do",
	'	part "$file" "${ROOT-}/sys/devices/system/cpu/$file"',
	"done",
	"counters before",
	"if ! command -v mpstat >/dev/null; then",
	'	sleep "$1"',
	// mpstat before 11.5.1 does not know -o, and exits at once.
	'elif out=$(mpstat -P ALL -o JSON "$1" 1 2>/dev/null || mpstat -P ALL "$1" 1 2>/dev/null); then',
	'	printf "== mpstat\\n%s\\n== end\\n" "$out"',
	"else",
	'	echo "== mpstat"',
	'	sleep "$1"',
	"fi",
	"counters after",
].join("\n");

/**
 * Prints CPU lists of /sys, the kernel's counters before and after, and mpstat's
 * output for the time between, where installed. observe/cpu/watched.ts reads it.
 */
export function watchCpus(seconds: number): string {
	return forLoginShell(`set -- ${seconds}\n${script}`, false);
}

/** Time limit for watching: mpstat may fail twice at its end. */
export function watchLimitSeconds(watchSeconds: number): number {
	return watchSeconds * 3 + 10;
}

/**
 * Watches a host.
 *
 * @returns what observe/cpu/watched.ts reads.
 * @throws SshError when the host cannot be watched.
 */
export async function watch(host: Host, watchSeconds: number): Promise<string> {
	const name = "watching CPUs";
	const result = await host.session.run({
		name,
		text: watchCpus(watchSeconds),
		stdin: "",
		timeoutSeconds: watchLimitSeconds(watchSeconds),
	});
	if (result.code === 0) return result.stdout;
	throw new SshError("command", wordFailure(host.name, name, result));
}
