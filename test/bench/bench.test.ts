/**
 * The benchmark itself, on two hosts: its figures have the promised shape and
 * could be true. How fast anything is, is not tested here.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkpointSize } from "../../bench/checkpoint";

// An engine and several processes start in each, on a machine that may be busy.
jest.setTimeout(240_000);

const checkout = join(__dirname, "../..");
const tsx = require.resolve("tsx/cli");

function startBench(...args: readonly string[]) {
	return spawn(process.execPath, [tsx, "bench/bench.ts", ...args], {
		cwd: checkout,
		stdio: ["ignore", "pipe", "pipe"],
	});
}

function ended(child: ReturnType<typeof startBench>) {
	const said = { stdout: "", stderr: "" };
	child.stdout.on("data", (chunk: Buffer) => {
		said.stdout += chunk.toString();
	});
	child.stderr.on("data", (chunk: Buffer) => {
		said.stderr += chunk.toString();
	});
	return new Promise<typeof said & { readonly code: number | null }>(
		(resolve) => child.once("close", (code) => resolve({ ...said, code })),
	);
}

function leftovers(): readonly string[] {
	return readdirSync(tmpdir()).filter((name) =>
		name.startsWith("metaltune-bench-"),
	);
}

test("two hosts: promised figures, progress apart from them, nothing left", async () => {
	const before = leftovers();
	const { code, stdout, stderr } = await ended(
		startBench("--hosts", "2", "--repeats", "1", "--json"),
	);
	expect({ code, stderr }).toMatchObject({ code: 0 });
	const { details, machine, versions, ...figures } = JSON.parse(stdout);
	expect(Object.keys(figures).toSorted()).toEqual([
		"converge_s",
		"drift_s",
		"floor_s",
		"hosts",
		"noop_s",
		"refresh_s",
		"resources_per_host",
		"state_bytes_per_host",
	]);
	expect(figures).toMatchObject({ hosts: 2, resources_per_host: 4 });
	const times = Object.entries(figures).filter(([name]) => name.endsWith("_s"));
	for (const [name, seconds] of [
		...times,
		["empty_noop_s", details.empty_noop_s],
		["probe_s", details.probe_s],
	]) {
		expect({ name, isTime: Number(seconds) > 0 }).toEqual({
			name,
			isTime: true,
		});
	}
	// A run that waits for no host would be measured as work: a host that was not reached
	// would have cost its sshd nothing.
	const hostCpu = (name: string) => details.cpu[name].host_cpu_s;
	expect(
		["converge", "refresh", "floor", "probe", "drift"].map(hostCpu),
	).not.toContain(0);
	expect(hostCpu("emptyNoop")).toBe(0);
	const { compact_state_bytes_per_host, compact_state_bytes_by_type } = details;
	expect(compact_state_bytes_per_host).toBeLessThan(
		figures.state_bytes_per_host,
	);
	const kinds: number[] = Object.values(compact_state_bytes_by_type);
	expect(kinds).toHaveLength(4);
	expect(kinds.reduce((sum, each) => sum + each)).toBeLessThan(
		compact_state_bytes_per_host,
	);
	expect(machine.cpus).toBeGreaterThan(0);
	expect(versions).toMatchObject({
		node: process.version,
		pulumi: expect.stringMatching(/^v3\./),
		ssh: expect.stringMatching(/^OpenSSH/),
		command_provider: expect.stringMatching(/^(real|stand-in)$/),
	});
	expect(stderr).toContain("bench: converge, 1 of 1\n");
	expect(leftovers()).toEqual(before);
});

test("told to end: stops what it started, and says so", async () => {
	const before = leftovers();
	const child = startBench("--hosts", "2", "--repeats", "1");
	const end = ended(child);
	child.stderr.on("data", (chunk: Buffer) => {
		if (chunk.toString().includes("converge")) {
			child.kill("SIGTERM");
		}
	});
	const { code, stdout, stderr } = await end;
	expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
	expect(stderr).toContain("stopping the hosts");
	expect(leftovers()).toEqual(before);
});

test.each([
	["0", 'expected a whole number above 0, got "0"'],
	["ten", 'expected a whole number above 0, got "ten"'],
])("--hosts %s is refused before anything starts", async (hosts, why) => {
	const { code, stderr } = await ended(startBench("--hosts", hosts));
	expect(code).toBe(1);
	expect(stderr).toContain(why);
	expect(stderr).not.toContain("starting");
});

test("--help shows how to call it", async () => {
	const { code, stdout } = await ended(startBench("--help"));
	expect(code).toBe(0);
	expect(stdout).toContain("npm run bench -- --hosts 50");
});

test("the size of a checkpoint is per host, without what a stack has once", () => {
	const resources = [
		{ type: "pulumi:pulumi:Stack" },
		{ type: "metaltune:index:HostState", id: "a" },
		{ type: "metaltune:index:HostState", id: "b" },
	];
	const text = JSON.stringify(
		{ checkpoint: { latest: { resources } } },
		undefined,
		4,
	);
	expect(checkpointSize(text, 2)).toEqual({
		bytesPerHost: Math.round(text.length / 2),
		compactBytesPerHost: Math.round(text.replace(/\s/g, "").length / 2),
		resourcesPerHost: 1,
		compactBytesByType: { "metaltune:index:HostState": 45 },
	});
});
