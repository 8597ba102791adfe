/** Prints a measurement as JSON and as text. */
import Table from "cli-table3";
import type { BenchResult, Cost } from "./benchRun";

const barBytes = 16 * 1024;

/** The output of `--json`; field names end in their unit. */
export function asJson(result: BenchResult) {
	const { hosts, repeats, machine, versions, size } = result;
	const { converge, noop, refresh, floor, emptyNoop, probe, drift } = result;
	return {
		hosts,
		machine,
		versions,
		converge_s: converge.wall_s,
		noop_s: noop.wall_s,
		refresh_s: refresh.wall_s,
		floor_s: floor.wall_s,
		drift_s: drift.wall_s,
		state_bytes_per_host: size.bytesPerHost,
		resources_per_host: size.resourcesPerHost,
		details: {
			repeats,
			empty_noop_s: emptyNoop.wall_s,
			probe_s: probe.wall_s,
			compact_state_bytes_per_host: size.compactBytesPerHost,
			compact_state_bytes_by_type: size.compactBytesByType,
			cpu: { converge, noop, refresh, floor, emptyNoop, probe, drift },
		},
	};
}

function seconds(value: number): string {
	return value.toFixed(2);
}

function row(name: string, cost: Cost): string[] {
	const { wall_s, client_cpu_s, host_cpu_s } = cost;
	return [name, ...[wall_s, client_cpu_s, host_cpu_s].map(seconds)];
}

/** The same figures as tables, with the design's limits. */
export function asText(result: BenchResult): string {
	const { hosts, machine, versions, size } = result;
	const { converge, noop, refresh, floor, emptyNoop, probe, drift } = result;
	const times = new Table({
		head: ["", "wall s", "CPU s here", "CPU s hosts"],
		colAligns: ["left", "right", "right", "right"],
		style: { head: [], border: [] },
	});
	times.push(
		row("converge", converge),
		row("no-op up", noop),
		row("refresh", refresh),
		row("metaltune drift", drift),
		row("floor: the probe by ssh", floor),
		row("probe without engine", probe),
		row("empty program", emptyNoop),
	);
	const ratio = (a: Cost, b: Cost) => (a.wall_s / b.wall_s).toFixed(2);
	return [
		`${hosts} hosts, ${machine.cpus} CPUs, load ${machine.load_before}; Pulumi ${versions.pulumi}, command provider: ${versions.command_provider}`,
		times.toString(),
		`refresh / floor: ${ratio(refresh, floor)} (bar 1.5); drift / floor: ${ratio(drift, floor)}; probe without engine / floor: ${ratio(probe, floor)}`,
		`no-op up beyond an empty program: ${seconds(noop.wall_s - emptyNoop.wall_s)} s (bar 3 at 50 hosts)`,
		`state per host: ${size.bytesPerHost} bytes (bar ${barBytes}), ${size.compactBytesPerHost} without whitespace, in ${size.resourcesPerHost} resources`,
	].join("\n");
}
