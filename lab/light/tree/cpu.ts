/** CPUs and NUMA nodes as /proc and /sys show them. */
import { below, lines, type Nodes, readOnly } from "./files";
import { cpus, nodeCpuList } from "./simulatedMachine";

export function cpuFiles(): Nodes {
	return {
		"proc/cpuinfo": readOnly(cpus.map(cpuInfo).join("\n\n")),
		...below("sys/devices/system/cpu", {
			online: readOnly("0-15"),
			offline: readOnly(""),
			possible: readOnly("0-15"),
			present: readOnly("0-15"),
			isolated: readOnly(""),
			// The kernel prints an unset mask as "%*pbl" of a null pointer.
			nohz_full: readOnly("  (null)"),
			"smt/control": lines("on"),
			"smt/active": readOnly("1"),
			"vulnerabilities/mds": readOnly("Not affected"),
		}),
		"sys/devices/virtual/workqueue/cpumask": lines("ffff"),
		"sys/devices/virtual/workqueue/writeback/cpumask": lines("ffff"),
		...Object.assign({}, ...cpus.map(oneCpu)),
	};
}

type Cpu = (typeof cpus)[number];

function oneCpu(cpu: Cpu): Nodes {
	const first = cpu.number % 8;
	const siblings = readOnly(`${first},${first + 8}`);
	return below(`sys/devices/system/cpu/cpu${cpu.number}`, {
		...(cpu.number === 0 ? {} : { online: lines("1") }),
		"topology/physical_package_id": readOnly(`${cpu.node}`),
		"topology/core_id": readOnly(`${cpu.core}`),
		"topology/thread_siblings_list": siblings,
		"topology/core_cpus_list": siblings,
		"topology/package_cpus_list": readOnly(nodeCpuList[cpu.node] ?? ""),
		"power/pm_qos_resume_latency_us": lines("0"),
	});
}

/** Some of the model's flags; checklists check for instructions. */
const flags =
	"fpu tsc msr pse36 popcnt fma pdpe1gb constant_tsc nonstop_tsc avx2 avx512f avx512dq avx512bw";

function cpuInfo(cpu: Cpu): string {
	const fields = [
		["processor\t", cpu.number],
		["vendor_id\t", "GenuineIntel"],
		["cpu family\t", 6],
		["model\t\t", 85],
		["model name\t", "Intel(R) Xeon(R) Gold 5222 CPU @ 3.80GHz"],
		["stepping\t", 7],
		["physical id\t", cpu.node],
		["siblings\t", 8],
		["core id\t\t", cpu.core],
		["cpu cores\t", 4],
		["flags\t\t", flags],
	];
	return fields.map(([name, value]) => `${name}: ${value}`).join("\n");
}
