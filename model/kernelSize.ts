/**
 * Sizes as the kernel reads them (lib/cmdline.c, memparse): decimal, octal or
 * hexadecimal digits, then a suffix from K to E of either case. It ignores what
 * follows, such as the B of `1GB`.
 */

const suffixes = ["", "K", "M", "G", "T", "P", "E"];

/**
 * A size in normal form: the largest suffix up to T that leaves a whole number,
 * so that `1024M`, `1GB` and `0x40000000` are `1G`. Undefined for other text.
 */
export function kernelSize(text: string): string | undefined {
	const form = /^(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)([KMGTPE]?)B?$/i.exec(text);
	if (form === null) return undefined;
	const [, digits = "", suffix = ""] = form;
	const isOctal = /^0[0-7]+$/.test(digits);
	const count = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
	const bytes = count * 1024n ** BigInt(suffixes.indexOf(suffix.toUpperCase()));
	return normal(bytes);
}

function normal(bytes: bigint): string {
	let rest = bytes;
	let at = 0;
	for (; at < 4 && rest > 0n && rest % 1024n === 0n; at++) rest /= 1024n;
	return `${rest}${suffixes[at]}`;
}
