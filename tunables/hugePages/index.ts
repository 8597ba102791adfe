/**
 * hugePages: pools of 2M and 1G pages, per NUMA node or in total, and hugetlbfs
 * mounts.
 *
 * 2M pages are allocated at run time, and by metaltune.service early in every boot.
 * 1G pages need unfragmented memory, so the kernel command line requests them
 * (`hugepagesz=1G hugepages=0:8,1:8`), and they exist after a reboot. If a boot
 * allocated fewer pages than requested, the next one will too: the rest is
 * requested at run time, where it may still be found. The sysctl vm.nr_hugepages is
 * not used: the kernel chooses how to spread its pages over nodes. A write to
 * nr_hugepages always succeeds, so metaltune reads the number back. Fewer pages
 * than declared are a failure, per node.
 */
import {
	type Infer,
	list,
	object,
	record,
	union,
} from "../../inventory/decode/decoder";
import { fileMode } from "../../inventory/decode/fileContent";
import { directoryPath } from "../../inventory/decode/hostPaths";
import { integer, oneOf, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

const pages = integer({ description: "Pages", min: 0, unit: "pages" });

const pool = union(
	[
		pages,
		record(
			text({
				description: "NUMA node",
				pattern: /^node(?:0|[1-9]\d*)$/,
				expected: "a NUMA node such as node0",
			}),
			pages,
			"Pages per NUMA node",
		),
	],
	"Pages in total, or per NUMA node",
);

const decoder = object(
	{
		optional: {
			"2M": pool,
			"1G": pool,
			mounts: list(
				object(
					{
						required: {
							path: directoryPath("Mount point"),
							size: oneOf(["2M", "1G"], "Page size"),
						},
						optional: {
							gid: integer({
								description: "Of the group it belongs to; root's when absent",
								min: 1,
								max: 4_294_967_294,
							}),
							mode: fileMode,
						},
					},
					"A hugetlbfs mount",
				),
				"hugetlbfs mounts",
			),
		},
	},
	"Pools of huge pages and their mounts",
);

type HugePages = Infer<typeof decoder>;
type Pool = NonNullable<HugePages["2M"]>;

function counts(pool: Pool): readonly (readonly [string, number])[] {
	return typeof pool === "number" ? [["total", pool]] : Object.entries(pool);
}

function poolSettings(
	pool: Pool | undefined,
	kernelSize: string,
	effect: Setting["effect"],
): readonly Setting[] {
	if (pool === undefined) return [];
	return counts(pool).map(([place, count]) => ({
		tunable: "hugePages",
		key: `${place}.${kernelSize}`,
		// "At least none" has no effect.
		match: count === 0 ? "exact" : "atLeast",
		value: String(count),
		effect,
	}));
}

/** `hugepages=` for the boot command line: `16`, or `0:8,1:8` by node. */
function bootParameter(pool: Pool): string {
	if (typeof pool === "number") return String(pool);
	return Object.entries(pool)
		.map(([node, count]) => [Number(node.slice("node".length)), count] as const)
		.toSorted(([a], [b]) => a - b)
		.map(([node, count]) => `${node}:${count}`)
		.join(",");
}

type Mount = NonNullable<HugePages["mounts"]>[number];

/** As /proc/mounts shows them: without default options. */
function mountOptions({ size, gid, mode = "0755" }: Mount): string {
	return [
		`pagesize=${size}`,
		...(gid === undefined ? [] : [`gid=${gid}`]),
		...(mode === "0755" ? [] : [`mode=${mode.replace(/^0+(?=.)/, "")}`]),
	].join(",");
}

function settings(spec: HugePages): readonly Setting[] {
	const gigantic = spec["1G"];
	return [
		...poolSettings(spec["2M"], "2048kB", "live"),
		...poolSettings(gigantic, "1048576kB", "reboot"),
		...(gigantic === undefined
			? []
			: [
					{
						tunable: "kernelCommandLine",
						key: "hugepages[1G]",
						match: "exact",
						value: bootParameter(gigantic),
						effect: "reboot",
					} as const,
				]),
		...(spec.mounts ?? []).map(
			(mount): Setting => ({
				tunable: "hugePages",
				key: `mount.${mount.path}`,
				match: "exact",
				value: mountOptions(mount),
				effect: "live",
			}),
		),
	];
}

export const hugePages: Tunable<HugePages> = {
	name: "hugePages",
	docs: {
		summary: "pools of 2M and 1G pages, and hugetlbfs mounts",
		keys: [
			{
				key: "nodeN.2048kB, total.2048kB",
				meaning:
					"2M pages of a NUMA node, or of the machine; one TLB entry covers 2 MiB instead of 4 KiB",
				values: "a number of pages, at least that many; 0 is none at all",
			},
			{
				key: "nodeN.1048576kB, total.1048576kB",
				meaning:
					"1G pages, which a boot finds memory for; declares kernelCommandLine hugepages[1G] as well",
				values: "a number of pages",
			},
			{
				key: "mount.PATH",
				meaning: "hugetlbfs of one page size, and whose it is",
				values: "path, size (2M or 1G), gid, mode",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "partly",
		risks: [
			"pages in a pool are gone for everything else",
			"memory in pieces yields fewer pages than asked for: apply compacts, asks again, and fails with the number it got; so it does for 1G pages after a boot that granted fewer, which no other boot will repair",
			"1G pages that are released by hand are drift of the running kernel: apply asks for them, and where memory is in pieces by then it fails; a reboot would repair that, but `rollout.reboot: auto` does not reboot for it",
			"an interface that comes up later than ten minutes after the boot runs metaltune.service again, but does not make it compact memory or ask for 1G pages",
		],
		cannotBeUndone:
			"pages in use are not freed: shrinking the pool below them leaves surplus pages until they are released",
		persistence: "metaltune.service; 1G pages the kernel command line",
		sources: ["Documentation/admin-guide/mm/hugetlbpage.rst"],
		example: `hugePages:
  2M: {node0: 4096, node1: 0}
  mounts: [{path: /mnt/hugepages, size: 2M}]`,
	},
	decoder,
	settings,
};
