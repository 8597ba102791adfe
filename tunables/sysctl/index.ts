/**
 * sysctl: kernel parameters below /proc/sys.
 *
 * The boot layer is what systemd-sysctl will set from all files in the sysctl.d
 * directories (sysctl.d(5)). Another file that sorts after metaltune's and sets the
 * same key is boot drift, reported with its name and line.
 *
 * Values are one text, compared with whitespace folded, since the kernel separates
 * several numbers by tabs; or `atLeast`, which raises a value and never lowers it.
 * A key that this kernel lacks is unsupported, not failed: kernel versions add and
 * remove keys.
 */
import {
	type Infer,
	map,
	object,
	record,
	union,
} from "../../inventory/decode/decoder";
import { decimalText, scalarText, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";

/** As in sysctl(8): if a slash comes first, dots and slashes swap roles. */
function dotted(key: string): string {
	const slash = key.indexOf("/");
	const dot = key.indexOf(".");
	if (slash === -1 || (dot !== -1 && dot < slash)) return key;
	return key.replace(/[./]/g, (found) => (found === "/" ? "." : "/"));
}

const decoder = record(
	map(
		text({
			description: "Name of a kernel parameter",
			pattern: /^[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_:@-]+)+$/,
			expected: "a sysctl name such as net.core.rmem_max",
		}),
		dotted,
	),
	union(
		[
			map(scalarText("The value as sysctl would take it"), (value) =>
				value.trim().replace(/\s+/g, " "),
			),
			object(
				{
					required: {
						atLeast: decimalText({
							unit: "the parameter's own unit",
							description: "Raise the value to this, never lower it",
						}),
					},
				},
				"A minimum",
			),
		],
		"The value, or a minimum",
	),
	"Kernel parameters below /proc/sys",
);

export const sysctl: Tunable<Infer<typeof decoder>> = {
	name: "sysctl",
	docs: {
		summary: "kernel parameters below /proc/sys",
		keys: [
			{
				key: "NAME",
				meaning:
					"any parameter, as sysctl(8) spells it: net.core.rmem_max bounds what a burst may queue before the kernel drops, kernel.numa_balancing=0 ends the page faults by which the kernel samples memory access",
				values:
					"text or a number; {atLeast: N} raises a number and never lowers it",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"a file of another program that sorts after metaltune's wins at the next boot: reported with its line",
			"keys of network interfaces exist only while the interface does",
		],
		cannotBeUndone:
			"what a value already did, such as connections that were negotiated with it",
		persistence: "/etc/sysctl.d/zz-metaltune.conf",
		sources: ["Documentation/admin-guide/sysctl/", "sysctl.d(5)"],
		example: `sysctl:
  net.core.rmem_max: {atLeast: 134217728}
  net.ipv4.tcp_rmem: 4096 87380 134217728
  kernel.timer_migration: 0`,
	},
	decoder,
	settings: (spec) =>
		Object.entries(spec).map(([key, value]) => ({
			tunable: "sysctl",
			key,
			effect: "live",
			...(typeof value === "string"
				? { match: "exact", value }
				: { match: "atLeast", value: value.atLeast }),
		})),
};
