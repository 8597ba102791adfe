/**
 * `metaltune ready` over real SSH: one connection, evidence from the host, and
 * the exit codes that it promises.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LightLab, startLightHosts } from "../../lab/light/hosts";
import { inventoryYaml } from "../../lab/light/inventory";
import { type Ended, metaltune } from "./cli";

jest.setTimeout(120_000);

let directory: string;
let lab: LightLab;

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
	writeFileSync(join(lab.hosts[0]?.root ?? "", path), text);
}

function ready(...args: readonly string[]): Promise<Ended> {
	const env = { ...process.env, SSH_AUTH_SOCK: lab.agentSocket };
	return metaltune(["ready", ...args], { cwd: directory, env });
}

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "metaltune-ready-"));
	lab = await startLightHosts({
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
	const { code, stdout, stderr } = await ready("light-1");
	expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
	expect(stdout).toMatch(
		/│ Guide 1 +│ No swapping +│ ok +│ sysctl\.vm\.swappiness: 60 \(\/proc\/sys\/vm\/swappiness\); after boot 60 \(\/etc\/sysctl\.d\/zz-metaltune\.conf:1\) +│/,
	);
	expect(stdout).toMatch(/machine\.kernel: [56]\.\d+\S* \(\/proc\/sys\/kernel/);
	expect(stdout).toContain("light-1: ready: 2 ok, 1 not applicable");
	expect(lab.hosts[0]?.connections()).toBe((before ?? 0) + 1);
});

test("one item is not: 2, in every format", async () => {
	write("proc/sys/vm/swappiness", "10\n");
	const json = await ready("light-1", "--json");
	expect(json.code).toBe(2);
	const report = JSON.parse(json.stdout);
	expect(report).toMatchObject({
		version: 1,
		host: "light-1",
		result: "notOk",
	});
	expect(report.items[0]).toMatchObject({
		verdict: "notOk",
		evidence: [
			{ verdict: "liveDrift", expected: "60", seen: [{ found: "10" }, {}] },
		],
	});
	const markdown = await ready("light-1", "--format", "markdown");
	expect(markdown.code).toBe(2);
	expect(markdown.stdout).toMatch(
		/^\| `Guide 1` \| `No swapping` \| not ok \|/m,
	);
});

test("what could not be read, or reached: 1", async () => {
	const unreadable = {
		...checklist,
		"Guide 4": { asks: "AVX2", machine: { cpuFlags: ["avx2"] } },
	};
	declare(unreadable);
	const kept = join(lab.hosts[0]?.root ?? "", "proc/cpuinfo");
	rmSync(kept);
	writeFileSync(kept, "processor: 0\n");
	expect(await ready("light-1")).toMatchObject({ code: 1 });

	const nobody = await ready("light-2");
	expect(nobody).toMatchObject({
		code: 1,
		stderr: expect.stringMatching(/"light-2", did you mean light-1\?/),
	});
	declare({});
	expect(await ready("light-1")).toMatchObject({
		code: 1,
		stderr: expect.stringMatching(/expected a checklist, got none/),
	});
});
