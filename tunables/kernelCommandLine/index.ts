/**
 * kernelCommandLine: parameters that the kernel reads once, at boot.
 *
 * The boot layer is the boot loader's next command line. metaltune writes it with a drop-in and
 * update-grub on Debian and Ubuntu, with grubby to every entry on RHEL and Rocky, and to the
 * entries of systemd-boot. The live layer is /proc/cmdline, and for isolcpus and nohz_full the CPUs
 * that the kernel reports (/sys/devices/system/cpu/isolated, nohz_full): a text that the kernel
 * ignored is not in effect. Recovery and rescue entries stay unchanged, for recovery. Every other
 * entry must agree, including the newest kernel's, with GRUB's variables, such as TuneD's,
 * expanded.
 */

import {
	type Decoder,
	list,
	map,
	mismatch,
	object,
	record,
	union,
} from "../../inventory/decode/decoder";
import {
	boolean,
	cpuList,
	scalarText,
	text,
} from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import {
	type CpuSet,
	CpuSetError,
	isEmpty,
	parseCpuList,
} from "../../model/cpuSet";
import type { Setting } from "../../model/settings";

/** A parameter with a normal form of its own. */
type Parameter = Pick<Setting, "match" | "value">;

type Parameters = { readonly [name: string]: Parameter };

const plain = /^[A-Za-z0-9_.,:/=@%+^-]*$/;

const value = map(scalarText("The parameter's value"), (typed, fail) =>
	plain.test(typed)
		? typed
		: fail(
				`expected letters, digits and _.,:/=@%+^- only, as the value becomes part of the boot loader's configuration, got ${JSON.stringify(typed)}`,
			),
);

const anyParameter: Decoder<Parameter> = union(
	[
		map(
			boolean("true: present without a value; false: not there"),
			(present) =>
				present
					? ({ match: "exact", value: "" } as const)
					: ({ match: "absent", value: "" } as const),
		),
		map(list(value, "One value per occurrence"), (values) => ({
			match: "exact" as const,
			value: values.join(" "),
		})),
		map(value, (typed) => ({ match: "exact" as const, value: typed })),
	],
	"Value of a kernel parameter",
);

const cpuParameter: Decoder<Parameter> = map(
	cpuList("CPUs, as in 2-7,10"),
	(cpus: CpuSet) => ({ match: "cpuSet" as const, value: cpus }),
);

const isolationFlags = ["domain", "managed_irq", "nohz"];

const isolcpus: Decoder<Parameter> = map(
	scalarText("Flags and CPUs, as in managed_irq,domain,8-15"),
	(typed, fail) => {
		const parts = typed.split(",");
		const start = parts.findIndex((part) => !isolationFlags.includes(part));
		const flags = start === -1 ? parts : parts.slice(0, start);
		try {
			const cpus = parseCpuList(parts.slice(flags.length).join(","));
			if (isEmpty(cpus)) return fail("expected at least one CPU, got none");
			return { match: "cpuSet", value: [...flags, cpus].join(",") };
		} catch (error) {
			if (!(error instanceof CpuSetError)) throw error;
			return fail(
				`expected CPUs such as 8-15, after any of ${isolationFlags.join(", ")}; ${error.message}`,
			);
		}
	},
);

/**
 * Applies only to the `hugepages=` after it; parameters are written in the order of
 * their names (Documentation/admin-guide/mm/hugetlbpage.rst).
 */
const hugepagesz: Decoder<Parameter> = {
	schema: { not: {} },
	expected:
		"pages of a size under tuning.hugePages, as in `1G: 8`, which writes the size before the number",
	decode: (node, problems) => mismatch(node, hugepagesz.expected, problems),
};

const known = {
	hugepagesz,
	irqaffinity: cpuParameter,
	isolcpus,
	nohz_full: cpuParameter,
	rcu_nocbs: cpuParameter,
};

const name = text({
	description: "Name of a kernel parameter",
	pattern: /^[A-Za-z][A-Za-z0-9_.-]*$/,
	expected: "the name of a kernel parameter such as isolcpus",
});

const description = "Parameters of the kernel command line";
const knownParameters = object({ optional: known }, description);
const otherParameters = record(name, anyParameter, description);

/** Parameters with a normal form are decoded by it, all others as typed. */
const decoder: Decoder<Parameters> = {
	schema: {
		...otherParameters.schema,
		properties: knownParameters.schema.properties ?? {},
	},
	expected: otherParameters.expected,
	decode: (node, problems) => {
		if (node.kind !== "map") {
			return mismatch(node, otherParameters.expected, problems);
		}
		const entries = (ours: boolean) =>
			node.entries.filter(({ key }) => Object.hasOwn(known, key) === ours);
		const a = knownParameters.decode(
			{ ...node, entries: entries(true) },
			problems,
		);
		const b = otherParameters.decode(
			{ ...node, entries: entries(false) },
			problems,
		);
		return a === undefined || b === undefined ? undefined : { ...a, ...b };
	},
};

export const kernelCommandLine: Tunable<Parameters> = {
	name: "kernelCommandLine",
	docs: {
		summary: "parameters the kernel reads once, at boot",
		keys: [
			{
				key: "isolcpus",
				meaning:
					"keeps the scheduler's balancing and managed interrupts off CPUs",
				values: "flags and a CPU list: managed_irq,domain,8-15",
			},
			{
				key: "nohz_full",
				meaning: "ends the tick on a CPU with one runnable task",
				values: "a CPU list",
			},
			{
				key: "rcu_nocbs",
				meaning: "moves RCU callbacks to other CPUs",
				values: "a CPU list",
			},
			{
				key: "irqaffinity",
				meaning: "CPUs for interrupts without a mask of their own",
				values: "a CPU list",
			},
			{
				key: "NAME",
				meaning: "any other parameter",
				values:
					"text or a number; true without a value, false not there, a list for one that may repeat",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "always",
		risks: [
			"a CPU in isolcpus has no load balancing: pin threads one by one",
			"where grubby keeps the entries, huge page parameters of other sizes are replaced together with metaltune's, as grubby cannot tell pairs apart",
			"a file that assigns the variable after metaltune's drop-in wins: reported as boot drift",
			"a TuneD profile with kernel parameters adds them to every boot next to metaltune's: where both set one, apply fails until the profile does not",
		],
		cannotBeUndone:
			"nothing before the next reboot, which brings the earlier parameters back",
		persistence:
			"/etc/default/grub.d/zz-metaltune.cfg and grub.cfg (Debian, Ubuntu), boot entries by grubby (RHEL, Rocky), entries of systemd-boot and /etc/kernel/cmdline",
		sources: [
			"Documentation/admin-guide/kernel-parameters.txt",
			"Documentation/timers/no_hz.rst",
		],
		example: `kernelCommandLine:
  isolcpus: managed_irq,domain,8-15
  nohz_full: 8-15
  rcu_nocbs: 8-15
  nosoftlockup: true`,
	},
	decoder,
	settings: (spec) =>
		Object.entries(spec).map(([key, parameter]) => ({
			tunable: "kernelCommandLine",
			key,
			...parameter,
			effect: "reboot",
		})),
};
