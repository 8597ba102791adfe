/**
 * `metaltune settings` and `metaltune plan`: what a host's description declares,
 * and what it would change on the live host.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostProgram, programPath } from "../../host/assemble";
import { inventoryYaml } from "../../lab/light/inventory";
import {
	type SimulatedLab,
	startSimulatedHosts,
} from "../../lab/light/simulatedHosts";
import { maker } from "../../model/version";
import { diffTrees, snapshotTree } from "../support/tree";
import { metaltune } from "./cli";

jest.setTimeout(120_000);

let directory: string;
let lab: SimulatedLab;

function rootOfHost(): string {
	const [host] = lab.hosts;
	if (host === undefined) throw new Error("expected a lab with a host");
	return host.root;
}

const write = (path: string, text: string, mode = 0o644) =>
	writeFileSync(join(rootOfHost(), path), text, { mode });

function run(...args: readonly string[]) {
	const env = { ...process.env, SSH_AUTH_SOCK: lab.agentSocket };
	return metaltune(args, { cwd: directory, env });
}

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "metaltune-plan-"));
	lab = await startSimulatedHosts({
		count: 1,
		directory: join(directory, "lab"),
		firstPort: 20_000 + (process.pid % 1000) * 4,
	});
	mkdirSync(join(directory, "hosts"));
	const tuning = {
		kernelCommandLine: { nosmt: true },
		sysctl: { "vm.swappiness": 7 },
		files: { "/etc/note": { content: "a private note\n" } },
	};
	writeFileSync(
		join(directory, "hosts/lab.yaml"),
		inventoryYaml(lab, { tuning }),
	);
	write("proc/sys/vm/swappiness", "60\n");
});
afterAll(async () => {
	await lab?.stop();
	rmSync(directory, { recursive: true, force: true });
});

test("settings are TSV with a header, and no file's content", async () => {
	const { code, stdout, stderr } = await run("settings", "light-1");
	expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
	const lines = stdout.trimEnd().split("\n");
	expect(lines[0]).toBe("tunable\tkey\tmatch\tvalue\teffect");
	expect(lines).toContain("sysctl\tvm.swappiness\texact\t7\tlive");
	expect(lines.every((line) => line.split("\t").length === 5)).toBe(true);
	expect(stdout).not.toContain("private note");
});

test("settings are JSON, and no file's content", async () => {
	const { code, stdout } = await run("settings", "light-1", "--json");
	expect(code).toBe(0);
	expect(stdout).not.toContain("private note");
	const { settings, ...rest } = JSON.parse(stdout);
	expect(rest).toEqual({ version: 1, host: "light-1", secrets: [] });
	expect(settings).toContainEqual({
		tunable: "sysctl",
		key: "vm.swappiness",
		match: "exact",
		value: "7",
		effect: "live",
	});
});

test.each(["settings", "plan"])(
	"%s of no host of the inventory is 1",
	async (command) => {
		expect(await run(command, "lihgt-1")).toEqual({
			code: 1,
			stdout: "",
			stderr:
				'metaltune: expected a host of hosts, got "lihgt-1", did you mean light-1?\n',
		});
	},
);

test("a plan has the old and the new value per layer, and writes nothing", async () => {
	const before = snapshotTree(rootOfHost(), {});
	const text = await run("plan", "light-1");
	expect(text).toMatchObject({ code: 2, stderr: "" });
	expect(text.stdout).toMatch(
		/│ sysctl\.vm\.swappiness +│ live +│ 60 -> 7 +│ apply +│/,
	);
	expect(text.stdout).toMatch(
		/^light-1: .* by apply, 1 by reboot; nothing was written$/m,
	);
	const json = await run("plan", "light-1", "--json");
	expect(diffTrees(before, snapshotTree(rootOfHost(), {}))).toEqual([]);
	expect(json.code).toBe(2);
	const plan = JSON.parse(json.stdout);
	expect(plan).toMatchObject({ version: 1, maker, result: "changes" });
	const ofKey = (key: string) =>
		plan.changes.filter((each: { key: string }) => each.key === key);
	expect(ofKey("sysctl.vm.swappiness")).toEqual([
		expect.objectContaining({ layer: "live", now: "60", by: "apply" }),
		expect.objectContaining({ layer: "boot", planned: "7", by: "apply" }),
	]);
	expect(ofKey("kernelCommandLine.nosmt")).toEqual([
		expect.objectContaining({ layer: "live", now: "absent", by: "reboot" }),
		expect.objectContaining({ layer: "boot", now: "absent", by: "apply" }),
	]);
});

test("a host as declared has nothing to change", async () => {
	const hosts = join(directory, "same");
	mkdirSync(hosts);
	writeFileSync(
		join(hosts, "lab.yaml"),
		inventoryYaml(lab, { tuning: { sysctl: { "vm.swappiness": 60 } } }),
	);
	write("etc/sysctl.d/zz-metaltune.conf", "vm.swappiness = 60\n");
	write(programPath, hostProgram("tuning").text, 0o755);
	const ended = await run("plan", "light-1", "--inventory", "same");
	expect(ended).toMatchObject({ code: 0, stderr: "" });
	expect(ended.stdout).toContain("light-1: nothing to change\n");
});

test("a host that does not answer is 1, with the reason", async () => {
	await lab.stop();
	const ended = await run("plan", "light-1", "--timeout", "10");
	expect(ended).toMatchObject({ code: 1, stdout: "" });
	expect(ended.stderr).toMatch(/^metaltune: light-1: .+\n$/);
});

test("a content that is a stack's secret is named, and cannot be planned", async () => {
	const other = join(directory, "other");
	mkdirSync(other);
	writeFileSync(
		join(other, "lab.yaml"),
		inventoryYaml(lab, {
			tuning: { files: { "/etc/key": { contentSecret: "apiKey" } } },
		}),
	);
	const settings = await run("settings", "light-1", "--inventory", other);
	expect(settings.stdout).toContain(
		"files\t/etc/key\texact\tsecret apiKey\tlive\n",
	);
	const plan = await run("plan", "light-1", "--inventory", other);
	expect(plan.code).toBe(1);
	expect(plan.stderr).toContain(
		"the content of files./etc/key is the secret apiKey of a stack's config, which the inventory only names; run `pulumi preview --refresh`",
	);
});
