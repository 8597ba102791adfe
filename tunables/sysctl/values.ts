/**
 * Values of kernel parameters in the form in which the kernel shows them, so that
 * a declared value and a live one are compared as the kernel reads both.
 * normal.awk is the same for values of other files on the host.
 *
 * Sources: proc_dointvec and proc_do_large_bitmap (kernel/sysctl.c),
 * bitmap_parse (lib/bitmap-str.c), Documentation/networking/scaling.rst.
 */

/** Shown as an ascending list with ranges, of numbers up to this one. */
const lists: { readonly [name: string]: number } = {
	"kernel.watchdog_cpumask": 8191,
	"net.ipv4.ip_local_reserved_ports": 65_535,
};

/** Shown as a hexadecimal mask, padded to the machine's number of CPUs. */
const masks: readonly string[] = [
	"net.core.flow_limit_cpu_bitmap",
	"net.core.rps_default_mask",
];

/** Text, in which a number is no number. */
const texts =
	/^(?:kernel\.(?:core_pattern|domainname|hostname|hotplug|modprobe|poweroff_cmd|seccomp\.actions_logged)|net\.core\.default_qdisc|net\.ipv4\.tcp_(?:allowed_congestion_control|congestion_control|fastopen_key)|net\.ipv6\.conf\..*\.stable_secret)$/;

/** The kernel rounds up to a multiple of this, or to a power of two. */
const rounded: { readonly [name: string]: number | "power of two" } = {
	"net.core.rps_sock_flow_entries": "power of two",
	// nf_conntrack_hash_resize: whole pages of 8-byte list heads.
	"net.netfilter.nf_conntrack_buckets": 512,
};

/** Limits in bytes, for which 0 is no value: another limit is then in force. */
const neverZero: { readonly [name: string]: string } = {
	"vm.dirty_bytes": "vm.dirty_ratio",
	"vm.dirty_background_bytes": "vm.dirty_background_ratio",
};

// The kernel's base 0: 0x is hexadecimal, a leading 0 is octal.
function decimalOf(word: string): string {
	const [, sign = "", digits = ""] = /^(-?)(.*)$/.exec(word) ?? [];
	if (/^0x[0-9a-f]+$/i.test(digits)) return `${sign}${BigInt(digits)}`;
	if (/^0[0-7]+$/.test(digits)) return `${sign}${BigInt(`0o${digits}`)}`;
	return word;
}

function rangesOf(text: string): string {
	const parts = text.split(",").map((part) => part.trim().split("-"));
	const isRange = ([first = "", last = first]: readonly string[]) =>
		[first, last].every((end) => /^\d{1,5}$/.test(end)) &&
		Number(first) <= Number(last);
	if (!parts.every(isRange)) return text;
	const ranges = parts
		.map(([first, last = first]) => [Number(first), Number(last)] as const)
		.toSorted(([a], [b]) => a - b);
	const merged: [number, number][] = [];
	for (const [first, last] of ranges) {
		const previous = merged.at(-1);
		if (previous === undefined || first > previous[1] + 1) {
			merged.push([first, last]);
		} else previous[1] = Math.max(previous[1], last);
	}
	return merged
		.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
		.join(",");
}

function maskOf(text: string): string {
	return text.toLowerCase().replace(/^(?:0x)?[0,]*(?=[0-9a-f])/, "");
}

/** The value as the kernel shows it, with whitespace folded. */
export function normalValue(name: string, value: string): string {
	const text = value.trim().replace(/\s+/g, " ");
	if (name in lists) return rangesOf(text);
	if (masks.includes(name)) return maskOf(text);
	if (texts.test(name)) return text;
	return text.split(" ").map(decimalOf).join(" ");
}

function roundedUp(value: number, to: number | "power of two"): number {
	if (to === "power of two") {
		return value <= 1 ? value : 2 ** Math.ceil(Math.log2(value));
	}
	return Math.ceil(value / to) * to;
}

function refusedList(value: string, last: number): string | undefined {
	const wrong = value.split(",").find((part) => {
		const [first = "", end = first] = part.split("-");
		const isNumber = [first, end].every((each) => /^\d{1,5}$/.test(each));
		return !isNumber || Number(first) > Number(end) || Number(end) > last;
	});
	return wrong === undefined
		? undefined
		: `expected numbers and ascending ranges up to ${last}, separated by commas, got ${JSON.stringify(wrong)}`;
}

/** Why the kernel would not keep a normal value; undefined when it would. */
export function refusedValue(name: string, value: string): string | undefined {
	const last = lists[name];
	if (last !== undefined && value !== "") return refusedList(value, last);
	const unit = rounded[name];
	if (unit !== undefined && /^\d{1,12}$/.test(value)) {
		const kept = roundedUp(Number(value), unit);
		const to =
			unit === "power of two" ? "a power of two" : `a multiple of ${unit}`;
		return kept === Number(value)
			? undefined
			: `the kernel rounds ${value} up to ${to}; declare ${kept}`;
	}
	const other = neverZero[name];
	return other !== undefined && value === "0"
		? `the kernel takes no limit of 0 here: ${name} is 0 while ${other} is in force; declare ${other}`
		: undefined;
}
