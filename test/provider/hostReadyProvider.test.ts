/**
 * HostReady on a host that a reboot does not help: it is rebooted once, and a
 * deployment that is tried again says so instead of rebooting it again.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { hostProgram, programPath, type Variant } from "../../host/assemble";
import { encodeSettings, settingsStream } from "../../host/protocol";
import { hostPaths } from "../../lab/light/directory";
import {
	type SimulatedHost,
	type SimulatedLab,
	startSimulatedHosts,
} from "../../lab/light/simulatedHosts";
import { lightPath } from "../../lab/light/tree";
import type { Setting } from "../../model/settings";
import { createDependents } from "../../provider/dependents";
import { silentLog } from "../../provider/engineLog";
import { hostReady } from "../../provider/hostReadyProvider";
import { createClaims } from "../../provider/owner";
import { provisionalWatch } from "../../provider/provisionalWatch";
import { createPool } from "../../ssh/pool";
import { hugePages } from "../../tunables/hugePages";
import { kernelCommandLine } from "../../tunables/kernelCommandLine";
import { settingsFromYaml } from "../support/inventory";

jest.setTimeout(120_000);

// The boot CPU keeps its tick whatever the kernel is told.
const ignored = settingsFromYaml(kernelCommandLine, "nohz_full: 0-3");
const table = /kernelCommandLine\.nohz_full +0-3 +1-3 +0-3 +pendingReboot\n/;
const refusal = /is not rebooted for them again/;

const pool = createPool({
	idleSeconds: 0,
	handshakes: 4,
	patience: { attemptSeconds: 5, retrySeconds: 0 },
});
const { create } = hostReady({
	pool,
	noRetryPool: pool,
	log: silentLog,
	dependents: createDependents(),
	claims: createClaims(),
	provisional: provisionalWatch(pool, 45),
});

let lab: SimulatedLab;
let host: SimulatedHost;

beforeEach(async () => {
	lab = await startSimulatedHosts({
		count: 1,
		directory: mkdtempSync(join(tmpdir(), "metaltune-ready-")),
		// Of this process, so that other labs on this machine are not in the way.
		firstPort: 29_000 + (process.pid % 1000),
	});
	const [first] = lab.hosts;
	if (first === undefined)
		throw new Error("expected a simulated host, got none");
	host = first;
	installed("tuning");
});

function installed(variant: Variant): void {
	writeFileSync(join(host.root, programPath), hostProgram(variant).text, {
		mode: 0o755,
	});
}
afterEach(async () => {
	await lab.stop();
	rmSync(lab.directory, { recursive: true, force: true });
});

function program(verb: string, settings: readonly Setting[]) {
	const { status, stderr } = spawnSync(join(host.root, programPath), [verb], {
		env: { ROOT: host.root, PATH: lightPath },
		input: settingsStream(settings),
		encoding: "utf8",
	});
	return { status, stderr };
}

function ready(
	settings: readonly Setting[],
	reboot: "auto" | "manual" = "auto",
) {
	return create("urn", {
		host: host.name,
		connection: {
			host: "127.0.0.1",
			port: host.port,
			user: lab.user,
			hostKey: host.hostKey,
			become: false,
			privateKeyFile: lab.privateKeyFile,
		},
		readyRevision: 1,
		settingsHash: createHash("sha256")
			.update(encodeSettings(settings))
			.digest("hex"),
		reboot,
		rebootTimeoutSeconds: 60,
		rollbackSeconds: 60,
	});
}

test("a reboot that did not apply the settings is reported, and not ordered again", async () => {
	expect(program("apply", ignored)).toEqual({ status: 0, stderr: "" });
	await expect(ready(ignored)).rejects.toThrow(table);
	expect(host.reboots()).toBe(1);
	await expect(ready(ignored)).rejects.toThrow(refusal);
	// An apply that finds other drift to repair changes nothing of that.
	writeFileSync(join(host.root, "etc/default/grub.d/zz-metaltune.cfg"), "");
	expect(program("apply", ignored)).toEqual({ status: 0, stderr: "" });
	await expect(ready(ignored)).rejects.toThrow(refusal);
	expect(host.reboots()).toBe(1);

	const more = [
		...ignored,
		...settingsFromYaml(kernelCommandLine, "skew_tick: 1"),
	];
	expect(program("apply", more)).toEqual({ status: 0, stderr: "" });
	await expect(ready(more)).rejects.toThrow(refusal);
	expect(host.reboots()).toBe(2);
	expect(readFileSync(join(host.root, "proc/cmdline"), "utf8")).toContain(
		"skew_tick=1",
	);

	expect(program("revert", [])).toEqual({ status: 0, stderr: "" });
	expect(existsSync(join(host.root, "run/metaltune/not-applied"))).toBe(false);
});

test("the applications' half of the program is removed with the last application", async () => {
	installed("whole");
	const settings = settingsFromYaml(kernelCommandLine, "skew_tick: 1");
	expect(program("apply", settings)).toEqual({ status: 0, stderr: "" });
	await ready(settings);
	expect(
		readFileSync(join(host.root, programPath), "utf8") ===
			hostProgram("tuning").text,
	).toBe(true);
});

test("a host that booted without them by hand is rebooted into them", async () => {
	const settings = settingsFromYaml(kernelCommandLine, "skew_tick: 1");
	expect(program("apply", settings)).toEqual({ status: 0, stderr: "" });
	await ready(settings);
	const line = join(host.root, "proc/cmdline");
	writeFileSync(line, readFileSync(line, "utf8").replace(" skew_tick=1", ""));
	await expect(ready(settings)).resolves.toMatchObject({
		verdicts: { ok: 1 },
		pendingReboot: [],
	});
	expect(host.reboots()).toBe(2);
});

test.each(["auto", "manual"] as const)(
	"1G pages that a boot granted short fail under %s, without another boot",
	async (reboot) => {
		const settings = settingsFromYaml(hugePages, "1G: {node0: 1, node1: 100}");
		expect(program("apply", settings)).toEqual({ status: 0, stderr: "" });
		await expect(ready(settings, "manual")).resolves.toMatchObject({
			pendingReboot: expect.arrayContaining(["hugePages.node1.1048576kB"]),
		});
		const { pristine } = hostPaths(lab.directory, host.name);
		spawnSync(join(__dirname, "../../lab/light/boot"), [host.root, pristine]);
		await expect(ready(settings, reboot)).rejects.toThrow(
			/hugePages\.node1\.1048576kB +>= 100 +7 +7 +liveDrift\n/,
		);
		expect(host.reboots()).toBe(0);
	},
);
