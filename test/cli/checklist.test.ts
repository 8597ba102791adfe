/**
 * `metaltune checklist` over real SSH: one connection, evidence from the host, and
 * the exit codes that it promises.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inventoryYaml } from "../../lab/light/inventory";
import {
	type SimulatedLab,
	startSimulatedHosts,
} from "../../lab/light/simulatedHosts";
import { maker } from "../../model/version";
import { type Ended, metaltune } from "./cli";

jest.setTimeout(120_000);

let directory: string;
let lab: SimulatedLab;

const checklist = {
	"Guide 1": { asks: "No swapping", settings: ["sysctl.vm.swappiness"] },
	"Guide 2": { asks: "A kernel with io_uring", machine: { kernel: "5.1" } },
	"Guide 3": { asks: "Prefetching", notOnHost: "in the code" },
};

function declare(list: { readonly [name: string]: unknown }): void {
	mkdirSync(join(directory, "hosts"), { recursive: true });
	const sections = {
		tuning: { sysctl: { "vm.swappiness": 60 } },
		checklist: list,
	};
	const text = inventoryYaml(lab, sections);
	writeFileSync(join(directory, "hosts/lab.yaml"), text);
}

function write(path: string, text: string): void {
	const file = join(lab.hosts[0]?.root ?? "", path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

function writeAll(files: { readonly [path: string]: string }): void {
	for (const [path, text] of Object.entries(files)) write(path, text);
}

function checked(...args: readonly string[]): Promise<Ended> {
	const env = { ...process.env, SSH_AUTH_SOCK: lab.agentSocket };
	return metaltune(["checklist", ...args], { cwd: directory, env });
}

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "metaltune-checklist-"));
	lab = await startSimulatedHosts({
		count: 1,
		directory: join(directory, "lab"),
		firstPort: 26_000 + (process.pid % 1000),
	});
});
beforeEach(() => {
	declare(checklist);
	write("proc/sys/vm/swappiness", "60\n");
	write("etc/sysctl.d/zz-metaltune.conf", "vm.swappiness = 60\n");
});
afterAll(async () => {
	await lab?.stop();
	rmSync(directory, { recursive: true, force: true });
});

test("a host that is as asked: 0, with what was read and where", async () => {
	const before = lab.hosts[0]?.connections();
	const { code, stdout, stderr } = await checked("light-1");
	expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
	expect(stdout).toMatch(
		/^ok +Guide 1 +No swapping\n {2}sysctl\.vm\.swappiness: 60 \(\/proc\/sys\/vm\/swappiness\); after boot 60 \(\/etc\/sysctl\.d\/zz-metaltune\.conf:1\)$/m,
	);
	expect(stdout).toMatch(/machine\.kernel: [56]\.\d+\S* \(\/proc\/sys\/kernel/);
	expect(stdout).toContain("light-1: ready: 2 ok, 1 not applicable");
	expect(lab.hosts[0]?.connections()).toBe((before ?? 0) + 1);
});

test("one item is not: 2, in every format", async () => {
	write("proc/sys/vm/swappiness", "10\n");
	const json = await checked("light-1", "--json");
	expect(json.code).toBe(2);
	const report = JSON.parse(json.stdout);
	expect(report).toMatchObject({
		version: 1,
		maker,
		host: "light-1",
		result: "notOk",
	});
	expect(report.items[0]).toMatchObject({
		verdict: "notOk",
		evidence: [
			{ verdict: "liveDrift", expected: "60", seen: [{ found: "10" }, {}] },
		],
	});
	const markdown = await checked("light-1", "--format", "markdown");
	expect(markdown.code).toBe(2);
	expect(markdown.stdout).toMatch(
		/^\| `Guide 1` \| `No swapping` \| not ok \|/m,
	);
});

describe("measured CPU time", () => {
	const measured = {
		"Guide 4": {
			asks: "Isolated CPUs are left alone",
			measured: { quietCpus: { interruptsPerSecond: 10 } },
		},
	};
	const reading = (seconds: number, count: number) => ({
		"proc/uptime": `${seconds}.00 1.00\n`,
		"proc/stat": `cpu8 ${seconds} 0 0 ${seconds} 0 0 0 0 0 0\n`,
		"proc/interrupts": `  CPU8\n 41: ${count} PCI-MSI 1-edge nvme0q1\n`,
	});
	const table =
		"Average: CPU %irq %soft %steal %iowait %idle\nAverage: 8 0.00 0.00 0.00 0.00 50.00\n";

	beforeEach(() => {
		declare({ ...checklist, ...measured });
		writeAll({
			...reading(100, 5000),
			"sys/devices/system/cpu/isolated": "8\n",
			".lab/mpstat": table,
		});
	});
	afterEach(() => {
		rmSync(join(lab.hosts[0]?.root ?? "", ".lab/later"), { recursive: true });
		writeAll({ "sys/devices/system/cpu/isolated": "\n" });
	});

	const later = (files: { readonly [path: string]: string }) =>
		writeAll(
			Object.fromEntries(
				Object.entries(files).map(([path, text]) => [
					`.lab/later/${path}`,
					text,
				]),
			),
		);

	test("within the limits: 0, over the same connection", async () => {
		later(reading(110, 5020));
		const before = lab.hosts[0]?.connections();
		const { code, stdout, stderr } = await checked("light-1");
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout).toMatch(
			/^ok +Guide 4 +Isolated CPUs are left alone\n {2}cpu 8 interruptsPerSecond: 2 \(41 nvme0q1: 2\) \(\/proc\/interrupts twice, 10\.0 s\)$/m,
		);
		expect(lab.hosts[0]?.connections()).toBe((before ?? 0) + 1);
	});

	test("above one: 2, with the source that was most", async () => {
		later(reading(110, 7500));
		const { code, stdout } = await checked("light-1", "--json");
		expect(code).toBe(2);
		expect(JSON.parse(stdout).items.at(-1)).toMatchObject({
			verdict: "notOk",
			evidence: [
				{
					key: "cpu 8 interruptsPerSecond",
					verdict: "exceeded",
					expected: "at most 10",
					seen: [{ found: "250 (41 nvme0q1: 250)" }],
				},
			],
		});
	});

	test("garbage: 1, and the rest of the list is judged", async () => {
		later({ "proc/interrupts": "\u001b[31m$(reboot)\n== end\n" });
		const { code, stdout, stderr } = await checked("light-1");
		expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
		expect(stdout).toMatch(
			/cpu 8 interruptsPerSecond: .*nothing is known of it/,
		);
		expect(stdout).toContain("2 ok, 1 not applicable, 1 undetermined");
		expect(stdout).not.toContain("\u001b");
	});

	test("left out: 0, without waiting", async () => {
		later(reading(110, 7500));
		const { code, stdout } = await checked("light-1", "--watch", "0");
		expect(code).toBe(0);
		expect(stdout).toMatch(
			/^not applicable +Guide 4 .*\n {2}not measured: --watch 0$/m,
		);
		const { code: refused, stderr } = await checked("light-1", "--watch", "-1");
		expect(refused).not.toBe(0);
		expect(stderr).toMatch(/expected whole seconds from 0 to 9999, got "-1"/);
	});
});

test("an unreadable key, or an unreachable host: 1", async () => {
	const unreadable = {
		...checklist,
		"Guide 4": { asks: "AVX2", machine: { cpuFlags: ["avx2"] } },
	};
	declare(unreadable);
	const kept = join(lab.hosts[0]?.root ?? "", "proc/cpuinfo");
	rmSync(kept);
	writeFileSync(kept, "processor: 0\n");
	expect(await checked("light-1")).toMatchObject({ code: 1 });

	const unreachable = await checked("light-2");
	expect(unreachable).toMatchObject({
		code: 1,
		stderr: expect.stringMatching(/"light-2", did you mean light-1\?/),
	});
	declare({});
	expect(await checked("light-1")).toMatchObject({
		code: 1,
		stderr: expect.stringMatching(/expected a checklist, got none/),
	});
});
