/**
 * What a host printed while its CPUs were watched: files and the output of
 * mpstat. Each follows a line `== NAME` and ends with `== end` once it was read
 * completely. A part that cannot be parsed counts as unknown.
 */
import { type CpuSet, CpuSetError, parseCpuList } from "../../model/cpuSet";
import type { CpuTimes } from "./cpuTime";
import { parseMpstat } from "./mpstat";
import { type InterruptRates, ratesBetween } from "./procInterrupts";
import { booksInterrupts, timesBetween } from "./procStat";

/** A measurement with its source. */
export interface Measured<Result> {
	/** Undefined when the source printed nothing that could be parsed. */
	readonly value: Result | undefined;
	/** Commands and files on the host, and the duration. */
	readonly source: string;
}

/** What CPUs did for some seconds; a set is undefined when it is unknown. */
export interface Watched {
	readonly online: CpuSet | undefined;
	/** As the running kernel reports them. */
	readonly isolated: CpuSet | undefined;
	readonly nohzFull: CpuSet | undefined;
	readonly times: Measured<CpuTimes>;
	/** Whether interrupt times are meaningful. */
	readonly booksInterrupts: boolean | undefined;
	readonly rates: Measured<InterruptRates>;
}

/** Name to content; undefined when it exists but could not be read. */
type Parts = ReadonlyMap<string, string | undefined>;

function partsOf(text: string): Parts {
	const pieces = text.split(/^== (?!end$)(.*)\n/m).slice(1);
	const parts = new Map<string, string | undefined>();
	for (let at = 0; at + 1 < pieces.length; at += 2) {
		const [name = "", body = ""] = pieces.slice(at);
		const end = body.search(/^== end$/m);
		parts.set(name, end === -1 ? undefined : body.slice(0, end));
	}
	return parts;
}

function cpusOf(parts: Parts, name: string): CpuSet | undefined {
	const text = parts.has(name) ? parts.get(name) : "";
	if (text === undefined) return undefined;
	try {
		// The kernel prints `(null)` for a mask that was never set.
		return parseCpuList(text.replace("(null)", ""));
	} catch (error) {
		if (error instanceof CpuSetError) return undefined;
		throw error;
	}
}

/** NaN when the host's clock could not be read. */
function secondsBetween(parts: Parts): number {
	const [before, after] = ["before", "after"].map((when) => {
		const [, up] = /^(\d+\.\d+) /.exec(parts.get(`uptime ${when}`) ?? "") ?? [];
		return Number(up);
	});
	return Number(after) - Number(before);
}

/** Why mpstat is not the source. */
function mpstatText(parts: Parts): string {
	if (!parts.has("mpstat")) return "there is no mpstat";
	return parts.get("mpstat") === undefined
		? "mpstat failed"
		: "what mpstat printed is not known";
}

function timesOf(parts: Parts, during: string): Measured<CpuTimes> {
	const printed = parseMpstat(parts.get("mpstat") ?? "");
	if (printed !== undefined) {
		const option = printed.form === "JSON" ? " -o JSON" : "";
		return {
			value: printed.times,
			source: `mpstat -P ALL${option}, ${during}`,
		};
	}
	const value = timesBetween(
		parts.get("stat before") ?? "",
		parts.get("stat after") ?? "",
	);
	return {
		value: value.size === 0 ? undefined : value,
		source: `/proc/stat twice, ${during}; ${mpstatText(parts)}`,
	};
}

/** Parses the output of `watchCpus` in host/shell.ts. */
export function parseWatched(text: string): Watched {
	const parts = partsOf(text);
	const seconds = secondsBetween(parts);
	const during = `${Number.isNaN(seconds) ? "?" : seconds.toFixed(1)} s`;
	const online = cpusOf(parts, "online");
	return {
		online: online === "" ? undefined : online,
		isolated: cpusOf(parts, "isolated"),
		nohzFull: cpusOf(parts, "nohz_full"),
		times: timesOf(parts, during),
		booksInterrupts: booksInterrupts(parts.get("stat after") ?? ""),
		rates: {
			value: ratesBetween(
				parts.get("interrupts before") ?? "",
				parts.get("interrupts after") ?? "",
				seconds,
			),
			source: `/proc/interrupts twice, ${during}`,
		},
	};
}
