/**
 * An application's life on a real kernel, under a real systemd: pinned, moved by
 * hand, replaced by a release that crashes, taken back, and started by a boot.
 * Nothing it needs is for the next boot, so only the power cut starts the kernel.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { metaltune } from "../cli/cli";
import { done, type MetalLab, startMetalLab } from "./lab";
import { bind, buildStandIn, fifo, type StandIn, saidBy } from "./standIn";

const isPinned = {
	all: { cpus: "2,3", memory: bind, nodes: 0b01 },
	io: { cpus: "3", policy: fifo, priority: 50 },
};
const unit = "metaltune-feed.service";

let lab: MetalLab;

function declare(change: object = {}): void {
	lab.declare({
		tuning: { sysctl: { "vm.swappiness": 7 } },
		applications: {
			feed: {
				binary: "../artifacts/stand-in",
				environment: { STAND_IN_NAME: "feed", STAND_IN_THREADS: "io-0,io-1" },
				numactl: { cpunodebind: 0, membind: 0 },
				taskset: "2,3",
				threads: { "io-*": { cpus: 3, policy: "fifo", priority: 50 } },
				health: {
					command: ["test", "-s", "/dev/shm/feed.json"],
					timeoutSeconds: 30,
				},
				...change,
			},
		},
	});
}

const on = async (script: string) => (await lab.machine.ssh(script)).trim();
const mainPid = () => on(`systemctl show --property MainPID --value ${unit}`);
const release = () => on("readlink /opt/metaltune/feed/current");

/** What a process that is running now says: an older one's word is removed. */
async function said(): Promise<StandIn> {
	await on(
		"rm -f /dev/shm/feed.json; until [ -s /dev/shm/feed.json ]; do sleep 0.2; done",
	);
	return saidBy(lab, "feed");
}

async function expectPinned(): Promise<void> {
	const { threads } = await said();
	expect(threads.map(({ name }) => name).toSorted()).toEqual(
		expect.arrayContaining(["io-0", "io-1"]),
	);
	for (const thread of threads) {
		expect(thread).toMatchObject({
			...isPinned.all,
			...(thread.name.startsWith("io-") ? isPinned.io : {}),
		});
	}
}

beforeAll(async () => {
	lab = await startMetalLab();
	buildStandIn(lab.directory);
	declare();
	await done(lab.up());
});
afterAll(() => lab?.remove());

test("it is up where it was declared, and says so itself", async () => {
	await expectPinned();
	await done(lab.drift());
});

test("threads that were moved by hand are found, and put back", async () => {
	const pid = await mainPid();
	await on(`taskset -acp 0 ${pid} && chrt --other --all-tasks --pid 0 ${pid}`);
	const seen = await lab.drift();
	expect(seen.code).not.toBe(0);
	for (const key of ["cpus", "threads.io-*.cpus", "threads.io-*.scheduler"]) {
		expect(seen.text.replaceAll(/ +:/g, ":")).toContain(
			`~ applications.feed.${key}:`,
		);
	}
	await done(lab.up("--refresh"));
	await expectPinned();
	await done(lab.drift());
});

test("a release that crashes fails the up, and the one before it runs", async () => {
	const good = await release();
	const crashes = "#!/bin/sh\necho 'cannot open the book' >&2\nexit 3\n";
	writeFileSync(join(lab.directory, "artifacts/crashes"), crashes, {
		mode: 0o755,
	});
	declare({ binary: "../artifacts/crashes" });
	const failed = await lab.up();
	expect(failed.code).not.toBe(0);
	expect(failed.text).toContain("cannot open the book");
	expect(failed.text).toMatch(/returned to release [0-9a-f]{64}, which is up/);
	expect(await release()).toBe(good);
	await expectPinned();
	// The declared one does not run: that is not hidden.
	expect((await lab.drift()).code).not.toBe(0);
	rmSync(join(lab.directory, "artifacts/crashes"));
});

test("the next good one replaces it, and a person can return to it", async () => {
	const first = await release();
	declare({ args: ["--second"] });
	await done(lab.up("--refresh"));
	const second = await release();
	expect(second).not.toBe(first);
	expect((await said()).args).toEqual(["--second"]);

	const back = await metaltune(["app", "rollback", "metal", "feed"], {
		cwd: lab.directory,
		env: process.env,
	});
	expect(back).toMatchObject({ code: 0, stderr: "" });
	expect(await release()).toBe(first);
	await expectPinned();
	expect((await lab.drift()).code).not.toBe(0);
	await done(lab.up("--refresh"));
	expect(await release()).toBe(second);
});

test("a boot after a power cut starts it, pinned, without Pulumi", async () => {
	const bootId = await lab.machine.bootId();
	await lab.machine.reset();
	await lab.machine.nextBoot(bootId);
	await on(`until systemctl is-active --quiet ${unit}; do sleep 1; done`);
	await expectPinned();
	await done(lab.drift());
});

test("destroy stops it and leaves nothing of it", async () => {
	await done(lab.destroy());
	expect(await on("pgrep --exact feed || pgrep --exact stand-in || :")).toBe(
		"",
	);
	expect(
		await on(
			`ls -d /opt/metaltune /etc/systemd/system/${unit} 2>/dev/null || :`,
		),
	).toBe("");
});
