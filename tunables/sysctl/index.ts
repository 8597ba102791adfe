/**
 * sysctl: kernel parameters below /proc/sys.
 *
 * The boot layer is what systemd-sysctl will set from all files in the sysctl.d
 * directories (sysctl.d(5)). Another file that sorts after metaltune's and sets the
 * same key is boot drift, reported with its name and line.
 *
 * Values are one text, compared in the form in which the kernel shows it; or `atLeast`,
 * which raises a value and never lowers it. A key that this kernel lacks is unsupported,
 * not failed: kernel versions add and remove keys. A key of a missing network interface
 * is absent, and fails.
 *
 * systemd-sysctl runs early at boot. Keys of modules that are loaded later are set by a
 * udev rule, which runs it again for them (sysctl.d(5), "EXAMPLES").
 */
import {
	type Decoder,
	type Infer,
	map,
	object,
	record,
	union,
} from "../../inventory/decode/decoder";
import { decimalText, scalarText, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import { dotted, refusedName } from "./names";
import { normalValue, refusedValue } from "./values";

const entries = record(
	map(
		text({
			description: "Name of a kernel parameter",
			pattern: /^[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_:@-]+)+$/,
			expected: "a sysctl name such as net.core.rmem_max",
		}),
		(name, fail) => {
			const refused = refusedName(dotted(name));
			return refused === undefined ? dotted(name) : fail(refused);
		},
	),
	union(
		[
			scalarText("The value as sysctl would take it"),
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

type Entries = Infer<typeof entries>;

/** With values in normal form, which only the name tells. */
const decoder: Decoder<Entries> = {
	...entries,
	decode: (node, problems) => {
		const spec = entries.decode(node, problems);
		if (spec === undefined || node.kind !== "map") return undefined;
		const found = node.entries.map(({ key, value: { at } }) => {
			const name = dotted(key);
			const declared = spec[name];
			if (typeof declared !== "string") return [name, declared] as const;
			const value = normalValue(name, declared);
			const refused = refusedValue(name, value);
			if (refused !== undefined) problems.within(key).report(at, refused);
			return [name, value] as const;
		});
		return Object.fromEntries(found) as Entries;
	},
};

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
