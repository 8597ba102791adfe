/**
 * All declarations of huge pages in a description. The kernel has one pool per
 * page size and node, so the largest request counts.
 */

import type { HostSpec } from "../model/hostSpec";
import type { Topology } from "../model/topology";
import {
	parameterOf,
	parameterPath,
	sysctlOf,
	tuningOf,
} from "./declaredTuning";

/** Pages of one size that one place declares. */
export interface PageRequest {
	readonly path: string;
	readonly pageGiB: number;
	/** By node, or for the machine: the kernel then spreads them evenly. */
	readonly pages: number | ReadonlyMap<number, number>;
}

const unitGiB = { K: 2 ** -20, M: 2 ** -10, G: 1 } as const;

/** Parses sizes such as `2M`; undefined for text that the kernel refuses. */
function sizeGiB(written: string): number | undefined {
	const [, count = "", unit = ""] = /^(\d+)([KMG])/i.exec(written) ?? [];
	const known = (["K", "M", "G"] as const).find(
		(each) => each === unit.toUpperCase(),
	);
	return known === undefined ? undefined : Number(count) * unitGiB[known];
}

/** Parses `16`, or `0:8,1:8` by node; invalid text declares no pages. */
function pagesOf(written: string): PageRequest["pages"] {
	if (!written.includes(":")) return /^\d+$/.test(written) ? +written : 0;
	const parts = [...written.matchAll(/(\d+):(\d+)/g)];
	return new Map(parts.map(([, node, pages]) => [+(node ?? 0), +(pages ?? 0)]));
}

function pool(
	host: HostSpec,
	size: "2M" | "1G",
	pageGiB: number,
): readonly PageRequest[] {
	const declared = tuningOf(host).hugePages?.[size];
	if (declared === undefined) return [];
	const pages =
		typeof declared === "number"
			? declared
			: new Map(
					Object.entries(declared).map(([node, count]) => [
						Number(node.slice("node".length)),
						count,
					]),
				);
	return [{ path: `tuning.hugePages.${size}`, pageGiB, pages }];
}

/**
 * Every place that declares huge pages. `hugepages` on the command line applies
 * to the default size, because `hugepagesz` cannot be declared. The kernel uses
 * only the first of several values.
 */
export function pageRequests(host: HostSpec): readonly PageRequest[] {
	const pageGiB = sizeGiB(parameterOf(host, "default_hugepagesz") ?? "2M");
	const [boot] = parameterOf(host, "hugepages")?.split(" ") ?? [];
	const ofDefaultSize = [
		[parameterPath(host, "hugepages"), boot],
		["tuning.sysctl.vm.nr_hugepages", sysctlOf(host, "vm.nr_hugepages")],
	] as const;
	return [
		...pool(host, "2M", 2 / 1024),
		...pool(host, "1G", 1),
		...ofDefaultSize.flatMap(([path, written]) =>
			written === undefined || pageGiB === undefined
				? []
				: [{ path, pageGiB, pages: pagesOf(written) }],
		),
	];
}

/** GiB of the largest request of each page size, added up. */
function largest(
	requests: readonly PageRequest[],
	of: (pages: PageRequest["pages"]) => number,
): number {
	const bySize = new Map<number, number>();
	for (const { pageGiB, pages } of requests) {
		const gib = of(pages) * pageGiB;
		bySize.set(pageGiB, Math.max(bySize.get(pageGiB) ?? 0, gib));
	}
	return [...bySize.values()].reduce((sum, gib) => sum + gib, 0);
}

function total(pages: PageRequest["pages"]): number {
	return typeof pages === "number"
		? pages
		: [...pages.values()].reduce((sum, count) => sum + count, 0);
}

/** GiB of huge pages that the whole machine gets. */
export function pagesGiB(host: HostSpec): number {
	return largest(pageRequests(host), total);
}

/** The largest request; undefined if there is none. */
export function largestRequest(host: HostSpec): PageRequest | undefined {
	const gib = ({ pages, pageGiB }: PageRequest) => total(pages) * pageGiB;
	return pageRequests(host).toSorted((a, b) => gib(b) - gib(a))[0];
}

/** GiB of huge pages that each node gets, from node 0. */
export function nodePagesGiB(
	host: HostSpec,
	{ numaNodes }: Topology,
): readonly number[] {
	const requests = pageRequests(host);
	const sharing = numaNodes.filter(({ memoryGiB }) => memoryGiB > 0).length;
	return numaNodes.map(({ memoryGiB }, node) =>
		largest(requests, (pages) =>
			typeof pages === "number"
				? memoryGiB > 0
					? pages / sharing
					: 0
				: (pages.get(node) ?? 0),
		),
	);
}
