/**
 * An application's life under the real engine: deployed once its host is
 * ready, found when it is moved by hand, replaced, refused, taken back, removed.
 * The program is a real process of this machine; what its threads got is the
 * simulated host's word.
 */
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { hostProgram, programPath } from "../../host/assemble";
import { diffTrees, type TreeSnapshot } from "../support/tree";
import type { EngineHost } from "./hosts";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(240_000);

let lab: EngineLab;
let host: EngineHost;
let before: TreeSnapshot;

const ours = "opt/metaltune/fx-store";
const program = programPath.slice(1);

/** What comes up says so in a file that the health check wants. */
const working = (version: string) => `#!/bin/sh
# lab: threads io-0
echo "$GREETING $*" >>../../said-${version}
exec sleep 1000
`;
const broken = `#!/bin/sh
printf 'cannot open the book \\033[2J\\n' >&2
exit 3
`;

function build(text: string): void {
	mkdirSync(join(lab.directory, "hosts/artifacts"), { recursive: true });
	writeFileSync(join(lab.directory, "hosts/artifacts/fx-store"), text, {
		mode: 0o755,
	});
}

function declare(change: object = {}, tuning: object = {}): void {
	lab.declare({
		tuning: { kernelCommandLine: { isolcpus: "8-11" }, ...tuning },
		applications: {
			"fx-store": {
				binary: "artifacts/fx-store",
				args: ["server", "a b", "50%"],
				environment: { GREETING: "hello" },
				taskset: "8-11",
				numactl: { cpunodebind: 0, membind: 0 },
				threads: { "io-*": { cpus: "8", policy: "fifo", priority: 50 } },
				files: [{ path: "fx.toml", content: "threads = 8\n" }],
				health: { command: ["test", "-e", "fx.toml"], timeoutSeconds: 8 },
				...change,
			},
		},
	});
}

const pid = (): string =>
	host.read(".lab/pid/metaltune-fx-store.service").trim();
const release = (): string =>
	readdirSync(join(host.root, ours, "releases"))
		.filter((name) => name.endsWith(".settings"))
		.join(" ");
/** A zombie process has no command line. */
function runs(process = pid()): boolean {
	const file = `/proc/${process}/cmdline`;
	return existsSync(file) && readFileSync(file, "utf8") !== "";
}

beforeAll(async () => {
	lab = await startEngineLab({ count: 1 });
	host = lab.host("light-1");
	before = host.tree();
});
afterAll(() => lab?.remove());

test("an artifact that is not built is refused before any host is touched", async () => {
	declare();
	const refused = await lab.up();
	expect(refused.code).not.toBe(0);
	expect(refused.text).toContain(
		"light-1: applications.fx-store: expected a file at hosts/artifacts/fx-store, got none",
	);
	expect(diffTrees(before, host.tree())).toEqual([]);
});

test("the first up reboots the host, and then starts the program", async () => {
	build(working("1"));
	const up = await done(lab.up());
	expect(host.reboots()).toBe(1);
	expect(up.text).toContain("light-1-deploy");
	expect(host.read(`${ours}/said-1`)).toBe("hello server a b 50%");
	expect(runs()).toBe(true);
	expect(readFileSync(`/proc/${pid()}/cmdline`, "utf8")).toContain("sleep");
	// The upload has been taken from where it was.
	expect(readdirSync(join(host.root, "root"))).toEqual([]);
	expect(await lab.status()).toMatchObject({
		"light-1": { verdicts: { ok: 1 } },
	});
	expect(host.read(program)).toBe(hostProgram("whole").text.trimEnd());
});

test("a second up logs in nowhere, and a refresh is one login", async () => {
	expect(await lab.up()).toMatchObject({ code: 0, logins: { "light-1": 0 } });
	expect(await lab.drift()).toMatchObject({
		code: 0,
		logins: { "light-1": 1 },
	});
});

test("a process that was moved by hand is found, and put back", async () => {
	const was = pid();
	const status = `proc/${was}/task/${was}/status`;
	writeFileSync(
		join(host.root, status),
		`${host.read(status).replace("8-11", "0-15")}\n`,
	);
	const seen = await lab.pulumi("preview", "--refresh", "--diff");
	expect(seen.text.replace(/ +:/g, ":")).toMatch(
		/~ applications\.fx-store\.cpus: "8-11" => "live: .*0-15"/,
	);
	expect((await lab.drift()).code).not.toBe(0);
	await done(lab.up("--refresh"));
	expect(host.read(`proc/${pid()}/status`)).toContain(
		"Cpus_allowed_list:\t8-11",
	);
	expect((await lab.drift()).code).toBe(0);
});

test("an artifact that is lost on the host is uploaded and deployed again", async () => {
	rmSync(join(host.root, "opt/metaltune"), { recursive: true });
	expect((await lab.drift()).code).not.toBe(0);
	await done(lab.up("--refresh"));
	expect(runs()).toBe(true);
	expect(host.read(`${ours}/said-1`)).toBe("hello server a b 50%");
	expect(readdirSync(join(host.root, "root"))).toEqual([]);
	expect((await lab.drift()).code).toBe(0);
	// Once more, as the state has changed by the first time.
	rmSync(join(host.root, ours, "releases"), { recursive: true });
	rmSync(join(host.root, ours, "artifacts"), { recursive: true });
	await done(lab.up("--refresh"));
	expect((await lab.drift()).code).toBe(0);
	expect(await lab.up()).toMatchObject({ code: 0, logins: { "light-1": 0 } });
});

test("a boot starts it without Pulumi", async () => {
	await host.reboot();
	expect(runs()).toBe(true);
	expect((await lab.drift()).code).toBe(0);
});

test("a release that crashes fails the up, and the host returns to the previous one", async () => {
	const good = release();
	build(broken);
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	expect(failed.text).toContain("did not come up within 8 s");
	expect(failed.text).toContain("cannot open the book ^[[2J");
	expect(failed.text).toMatch(/returned to release [0-9a-f]{64}, which is up/);
	expect(host.read(`${ours}/healthy`)).toBe(good.replace(".settings", ""));
	expect(runs()).toBe(true);
	const seen = await lab.drift();
	expect(seen.code).not.toBe(0);
});

test("one whose check fails does too", async () => {
	build(working("2"));
	declare({ health: { command: ["false"], timeoutSeconds: 2 } });
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	expect(failed.text).toContain("false failed");
	expect(failed.text).toContain("which is up");
});

/** The same program in a directory, which is packed on the way. */
const packed = {
	binary: "artifacts/tree/",
	executable: "bin/fx-store",
	args: ["client"],
};

test("the next good one replaces it, and keeps the previous one", async () => {
	const bin = join(lab.directory, "hosts/artifacts/tree/bin");
	mkdirSync(bin, { recursive: true });
	writeFileSync(join(bin, "fx-store"), working("2"), { mode: 0o755 });
	declare(packed);
	await done(lab.up());
	expect(host.read(`${ours}/said-2`)).toContain("hello client");
	expect(release().split(" ")).toHaveLength(2);
	expect(runs()).toBe(true);
	expect((await lab.drift()).code).toBe(0);
});

test("a person returns to the previous release, which a refresh shows as drift", async () => {
	const healthy = host.read(`${ours}/healthy`);
	const back = await done(
		lab.metaltune("app", "rollback", "light-1", "fx-store"),
	);
	expect(back.text).toContain(`light-1: applications fx-store ${healthy} -> `);
	expect(back.text).toContain("which is up and verified");
	expect(host.read(`${ours}/healthy`)).not.toBe(healthy);
	expect(runs()).toBe(true);
	const seen = await lab.pulumi("preview", "--refresh", "--diff");
	expect(seen.text.replace(/ +:/g, ":")).toContain(
		`~ applications.fx-store.release: "${healthy}" => "live: `,
	);
	const wrong = await lab.metaltune("app", "rollback", "light-1", "fx-stor");
	expect(wrong.code).toBe(1);
	expect(wrong.text).toContain("there are: fx-store");
	await done(lab.up("--refresh"));
	expect(host.read(`${ours}/healthy`)).toBe(healthy);
});

test("a load test runs on the host, by hand", async () => {
	declare({ ...packed, loadTest: { command: ["cat", "fx.toml"] } });
	await done(lab.up());
	const load = await done(
		lab.metaltune("app", "load-test", "light-1", "fx-store"),
	);
	expect(load.text).toBe("threads = 8\n");
});

test("an application that is no longer declared is stopped and removed", async () => {
	const was = pid();
	lab.declare({ tuning: { kernelCommandLine: { isolcpus: "8-11" } } });
	await done(lab.up());
	expect(runs(was)).toBe(false);
	expect(existsSync(join(host.root, ours))).toBe(false);
	expect((await lab.drift()).code).toBe(0);
	// And after them, the part of the program that they needed.
	expect(host.read(program)).toBe(hostProgram("tuning").text.trimEnd());
	expect(await lab.up("--refresh")).toMatchObject({ code: 0 });
	expect((await lab.drift()).code).toBe(0);
});

test("destroy restores every byte", async () => {
	declare();
	await done(lab.up());
	const was = pid();
	await done(lab.destroy());
	expect(runs(was)).toBe(false);
	expect(diffTrees(before, host.tree())).toEqual([]);
});
