/** Writes to /proc and /sys behave as the kernel's do. */
import { diffTrees, snapshotTree } from "../support/tree";
import { makeTree, type Tree } from "./fakes";

const cpu = "sys/devices/system/cpu";
const node = (number: number, size = "2048kB"): string =>
	`sys/devices/system/node/node${number}/hugepages/hugepages-${size}/nr_hugepages`;
const policy = `${cpu}/cpufreq/policy0`;
const clocks =
	"sys/devices/system/clocksource/clocksource0/current_clocksource";
const thp = "sys/kernel/mm/transparent_hugepage/enabled";

describe("a write through tee", () => {
	let tree: Tree;
	beforeAll(() => {
		tree = makeTree();
	});
	afterAll(() => tree.remove());

	const accepted: readonly (readonly [string, string, string])[] = [
		["proc/sys/net/core/rmem_max", "134217728", "134217728"],
		["proc/sys/kernel/numa_balancing", "0", "0"],
		["proc/sys/kernel/sched_rt_runtime_us", "-1", "-1"],
		["proc/sys/kernel/sysrq", "0x10", "16"],
		["proc/sys/net/ipv4/tcp_rmem", "4096 87380 9", "4096\t87380\t9"],
		["proc/sys/net/ipv4/tcp_wmem", "8192", "8192\t16384\t4194304"],
		["proc/sys/net/ipv4/conf/eth0.100/rp_filter", "1", "1"],
		["proc/sys/net/ipv4/tcp_congestion_control", "reno", "reno"],
		["proc/sys/kernel/core_pattern", "|/bin/x %p", "|/bin/x %p"],
		[thp, "never", "always madvise [never]"],
		["sys/kernel/mm/ksm/run", "2", "2"],
		["proc/irq/default_smp_affinity", "00ff", "00ff"],
		[`${policy}/energy_performance_preference`, "power", "power"],
		[`${policy}/energy_performance_preference`, "128", "128"],
		[`${policy}/scaling_governor`, "performance", "performance"],
		[`${cpu}/intel_pstate/no_turbo`, "1", "1"],
		[`${cpu}/intel_pstate/min_perf_pct`, "110", "100"],
		[`${cpu}/cpu3/power/pm_qos_resume_latency_us`, "n/a", "n/a"],
		[`${cpu}/cpu3/power/pm_qos_resume_latency_us`, "20", "20"],
		[`${cpu}/cpu3/cpuidle/state2/disable`, "1", "1"],
		[clocks, "hpet", "hpet"],
		[clocks, "sundial", "hpet"],
		["sys/devices/virtual/workqueue/cpumask", "00000000,000000ff", "00ff"],
	];
	test.each(accepted)("%s <- %j reads back %j", (path, value, after) => {
		expect(tree.write(path, value)).toBe("");
		expect(tree.read(path)).toBe(after);
	});

	const refused: readonly (readonly [string, string, string])[] = [
		["proc/sys/kernel/numa_balancing", "4", "Invalid argument"],
		["proc/sys/vm/swappiness", "201", "Invalid argument"],
		["proc/sys/vm/swappiness", "", "Invalid argument"],
		["proc/sys/vm/swappiness", "many", "Invalid argument"],
		["proc/sys/net/ipv4/tcp_rmem", "1 2 3 4", "Invalid argument"],
		[
			"proc/sys/net/ipv4/tcp_congestion_control",
			"bbr",
			"No such file or directory",
		],
		[
			"proc/sys/kernel/sched_min_granularity_ns",
			"1",
			"No such file or directory",
		],
		[thp, "sometimes", "Invalid argument"],
		["sys/kernel/mm/ksm/run", "3", "Invalid argument"],
		[`${cpu}/smt/control`, "forceoff", "Invalid argument"],
		[`${cpu}/nohz_full`, "2-7", "Input/output error"],
		[`${policy}/scaling_governor`, "schedutil", "Invalid argument"],
		[
			`${policy}/energy_performance_preference`,
			"power",
			"Device or resource busy",
		],
		[`${cpu}/cpu3/power/pm_qos_resume_latency_us`, "-1", "Invalid argument"],
		["sys/devices/virtual/workqueue/cpumask", "10000", "Invalid argument"],
		["sys/devices/virtual/workqueue/cpumask", "0", "Invalid argument"],
		["proc/irq/81/smp_affinity_list", "0", "Input/output error"],
		["proc/irq/41/smp_affinity_list", "16-20", "Invalid argument"],
	];
	test.each(refused)("%s <- %j changes nothing: %s", (path, value, error) => {
		const before = snapshotTree(tree.root, { writes: true });
		expect(tree.write(path, value)).toBe(`tee: ${tree.root}/${path}: ${error}`);
		expect(
			diffTrees(before, snapshotTree(tree.root, { writes: true })),
		).toEqual([]);
	});

	test("outside the kernel's files it is the real tee", () => {
		expect(tree.write("etc/new.conf", "text")).toBe("");
		expect(tree.read("etc/new.conf")).toBe("text");
	});

	test.each(["/etc/passwd-of-lab", "$ROOT/../escaped"])(
		"refuses %s, outside ROOT",
		(path) => {
			const done = tree.sh(`echo x | tee "${path}"`);
			expect(done.status).toBe(125);
			expect(done.output).toContain("outside ROOT");
		},
	);

	test("does nothing without ROOT", () => {
		const done = tree.sh('unset ROOT; echo x | tee "$PWD/written"');
		expect(done).toEqual({
			status: 125,
			output: "tee: refused: ROOT is empty, this is a fake",
		});
	});
});

describe("huge pages", () => {
	let tree: Tree;
	beforeEach(() => {
		tree = makeTree();
	});
	afterEach(() => tree.remove());

	test("nodes, total, sysctl and meminfo move together, and back", () => {
		const before = snapshotTree(tree.root);
		tree.write(node(0), "100");
		tree.write(node(1), "50");
		expect(
			tree.read("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"),
		).toBe("150");
		expect(tree.read("proc/sys/vm/nr_hugepages")).toBe("150");
		expect(tree.read("proc/meminfo")).toMatch(/^HugePages_Total: +150$/m);
		tree.write("proc/sys/vm/nr_hugepages", "0");
		expect(diffTrees(before, snapshotTree(tree.root))).toEqual([]);
	});

	test("the total spreads evenly", () => {
		tree.write("proc/sys/vm/nr_hugepages", "1025");
		expect([tree.read(node(0)), tree.read(node(1))]).toEqual(["513", "512"]);
	});

	test("a request beyond the node's memory is reduced in silence", () => {
		expect(tree.write(node(0), "8192")).toBe("");
		expect(tree.read(node(0))).toBe("3856");
	});

	test("a gigabyte is not to be had at run time, unless marked", () => {
		expect(tree.write(node(0, "1048576kB"), "2")).toBe("");
		expect(tree.read(node(0, "1048576kB"))).toBe("0");
		tree.sh(': >"$ROOT/.lab/gigantic"');
		tree.write(node(0, "1048576kB"), "2");
		expect(tree.read(node(0, "1048576kB"))).toBe("2");
	});
});

test("SMT off takes the second threads away, and on brings them back", () => {
	const tree = makeTree();
	const before = snapshotTree(tree.root);
	tree.write(`${cpu}/smt/control`, "off");
	expect(tree.read(`${cpu}/online`)).toBe("0-7");
	expect(tree.read(`${cpu}/smt/active`)).toBe("0");
	expect(tree.read("sys/devices/system/node/node1/cpulist")).toBe("4-7");
	expect(tree.write(`${cpu}/cpu8/online`, "1")).toContain("not permitted");
	tree.write(`${cpu}/smt/control`, "on");
	expect(diffTrees(before, snapshotTree(tree.root))).toEqual([]);
	tree.remove();
});

test("an interrupt's mask, list and effective CPU agree", () => {
	const tree = makeTree();
	tree.write("proc/irq/41/smp_affinity_list", "2-5,9");
	expect(tree.read("proc/irq/41/smp_affinity")).toBe("023c");
	tree.write("proc/irq/41/smp_affinity", "0f00");
	expect(tree.read("proc/irq/41/smp_affinity_list")).toBe("8-11");
	expect(tree.read("proc/irq/41/effective_affinity_list")).toBe("8");
	tree.remove();
});
