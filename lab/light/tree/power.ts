/**
 * Power saving that costs latency: frequency policies of intel_pstate in active
 * mode, idle states of intel_idle, and the clock sources.
 */
import { below, lines, type Nodes, readOnly } from "./files";
import { cpus } from "./simulatedMachine";

/** Name and exit latency in microseconds, from the shallowest. */
const idleStates = [
	["POLL", 0],
	["C1", 2],
	["C6", 133],
] as const;

export function powerFiles(): Nodes {
	return {
		...below("sys/devices/system/cpu", {
			"intel_pstate/status": lines("active"),
			"intel_pstate/no_turbo": lines("0"),
			"intel_pstate/min_perf_pct": lines("31"),
			"intel_pstate/max_perf_pct": lines("100"),
			"cpuidle/current_driver": readOnly("intel_idle"),
			...Object.assign({}, ...cpus.map(({ number }) => policy(number))),
			...Object.assign({}, ...cpus.map(({ number }) => idle(number))),
		}),
		...below("sys/devices/system/clocksource/clocksource0", {
			available_clocksource: readOnly("tsc hpet acpi_pm "),
			current_clocksource: lines("tsc"),
		}),
	};
}

function policy(cpu: number): Nodes {
	return below(`cpufreq/policy${cpu}`, {
		affected_cpus: readOnly(`${cpu}`),
		scaling_driver: readOnly("intel_pstate"),
		scaling_governor: lines("powersave"),
		scaling_available_governors: readOnly("performance powersave"),
		energy_performance_preference: lines("balance_performance"),
		energy_performance_available_preferences: readOnly(
			"default performance balance_performance balance_power power ",
		),
	});
}

function idle(cpu: number): Nodes {
	const states = idleStates.map(([name, latency], state) =>
		below(`cpu${cpu}/cpuidle/state${state}`, {
			name: readOnly(name),
			latency: readOnly(`${latency}`),
			disable: lines("0"),
		}),
	);
	return Object.assign({}, ...states);
}
