/**
 * Reads the output of `mpstat -P ALL SECONDS 1`: JSON (`-o JSON`, sysstat
 * 11.5.1 and newer) or the table that every version prints. Columns are found
 * by name, because versions have different ones: %gnice came with 10.1.2.
 *
 * Some versions, such as 10.1.5, print zeros for an offline CPU. All print
 * `100.00` idle for a CPU whose counters stood still, even if it was busy.
 * Older kernels count the time of a nohz_full CPU only when it enters the
 * kernel.
 */
import type { CpuTime, CpuTimes } from "./cpuTime";

const used = ["usr", "nice", "sys", "guest", "gnice"];
const told = ["irq", "soft", "steal", "iowait", "idle"] as const;

/** The value in a column of one CPU's row. */
type Column = (name: string) => unknown;

interface Row {
	/** A number, `all` or, before 12.1.4, `-1` for all. */
	readonly cpu: unknown;
	readonly column: Column;
}

function percentOf(printed: unknown): number | undefined {
	const percent =
		typeof printed === "string" && /^\d+\.\d+$/.test(printed)
			? Number(printed)
			: printed;
	return typeof percent === "number" && percent >= 0 && percent <= 100
		? percent
		: undefined;
}

function timeOf(column: Column): CpuTime | undefined {
	const [irq, soft, steal, iowait, idle] = told.map((name) =>
		percentOf(column(name)),
	);
	return irq === undefined ||
		soft === undefined ||
		steal === undefined ||
		iowait === undefined ||
		idle === undefined
		? undefined
		: { irq, soft, steal, iowait, idle };
}

function isOffline(column: Column): boolean {
	return [...used, ...told].every(
		(name) => (percentOf(column(name)) ?? 0) === 0,
	);
}

function timesOf(rows: readonly Row[]): CpuTimes | undefined {
	const times = new Map<number, CpuTime>();
	for (const { cpu, column } of rows) {
		if (typeof cpu !== "string" || !/^\d{1,4}$/.test(cpu)) continue;
		const time = timeOf(column);
		if (time !== undefined && !isOffline(column)) times.set(Number(cpu), time);
	}
	return times.size === 0 ? undefined : times;
}

/** A member of any value; undefined when there is none. */
function member(value: unknown, name: string | number): unknown {
	if (typeof value !== "object" || value === null) return undefined;
	return new Map<string, unknown>(Object.entries(value)).get(String(name));
}

function jsonRows(text: string): readonly Row[] {
	let printed: unknown;
	try {
		printed = JSON.parse(text);
	} catch {
		return [];
	}
	const path = ["sysstat", "hosts", 0, "statistics", 0, "cpu-load"] as const;
	const load = path.reduce<unknown>(member, printed);
	if (!Array.isArray(load)) return [];
	return load.map((row: unknown) => ({
		cpu: member(row, "cpu"),
		column: (name) => member(row, name),
	}));
}

function tableRows(text: string): readonly Row[] {
	let names: readonly string[] = [];
	return text.split("\n").flatMap((line) => {
		const words = line.trim().split(/\s+/);
		const head = words.indexOf("CPU");
		if (head !== -1 && words.includes("%idle")) names = words.slice(head + 1);
		// From the end, because a time of day may be one word or two.
		const values = words.slice(words.length - names.length);
		const cpu = words.at(-names.length - 1);
		return names.length === 0 || words.length <= names.length
			? []
			: [{ cpu, column: (name) => values[names.indexOf(`%${name}`)] }];
	});
}

/** The two forms of mpstat's output. */
export type MpstatForm = "JSON" | "table";

/** Undefined when the text is not mpstat output with at least one CPU. */
export function parseMpstat(
	text: string,
): { readonly form: MpstatForm; readonly times: CpuTimes } | undefined {
	const form = text.trimStart().startsWith("{") ? "JSON" : "table";
	const times = timesOf(form === "JSON" ? jsonRows(text) : tableRows(text));
	return times === undefined ? undefined : { form, times };
}
