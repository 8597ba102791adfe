/**
 * A guide's system whole, scaled to the lab's machine: tuned, rebooted and
 * deployed in one `up`. A program that stands for the binaries says what the
 * kernel gave it, and the checklist of the guide is gone through.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { metaltune } from "../bin/cli";
import { done, type MetalLab, startMetalLab } from "./lab";

const checkout = join(__dirname, "../..");

/** A thread's memory policy, as set_mempolicy(2) numbers it. */
export const bind = 2;
export const interleave = 3;
export const local = 4;
/** A scheduling policy, as sched(7) numbers it. */
export const fifo = 1;

interface Thread {
	readonly name: string;
	readonly cpus: string;
	readonly policy: number;
	readonly priority: number;
	readonly nice: number;
	readonly memory: number;
	/** A bit per node. */
	readonly nodes: number;
}

/** What standIn.c writes. */
interface StandIn {
	readonly uid: number;
	/** -1 without a page. */
	readonly hugePageNode: number;
	readonly pageNode: number;
	readonly xdpSocket: boolean;
	readonly args: readonly string[];
	readonly settings: readonly string[];
	readonly nofile: string;
	readonly memlock: string;
	readonly rtprio: string;
	readonly threads: readonly Thread[];
}

export type Expected = Partial<Omit<StandIn, "threads">> & {
	/** Of every thread that is not named. */
	readonly all: Partial<Thread>;
	readonly threads?: { readonly [name: string]: Partial<Thread> };
};

/** The profiles, their variants for the lab, and the program, in the project. */
function furnish(directory: string): void {
	for (const path of ["hosts/profiles", "test/e2e/profiles"]) {
		cpSync(join(checkout, path), join(directory, path), { recursive: true });
	}
	mkdirSync(join(directory, "artifacts"), { recursive: true });
	execFileSync("gcc", [
		...["-Wall", "-Wextra", "-Werror", "-O2", "-static", "-pthread"],
		...["-o", join(directory, "artifacts/stand-in")],
		join(__dirname, "standIn.c"),
	]);
}

/**
 * Declares the tests of one system.
 *
 * @param profile - name of a file in test/e2e/profiles
 * @param applications - what each application has to say of itself
 */
export function testSystem(
	profile: string,
	applications: { readonly [application: string]: Expected },
): void {
	let lab: MetalLab;

	beforeAll(async () => {
		lab = await startMetalLab();
		furnish(lab.directory);
		lab.declare({ extends: `../test/e2e/profiles/${profile}` });
		await done(lab.up());
	});
	afterAll(() => lab?.remove());

	test("everything is in effect, but for what this machine cannot have", async () => {
		const { verdicts, unsupported } = await lab.readiness();
		const all = Object.keys(verdicts).toSorted();
		expect(all.filter((verdict) => verdict !== "unsupported")).toEqual(["ok"]);
		expect(
			Object.keys(unsupported).filter(
				(id) => !/^cpuFrequency\.|\.coalescing\.adaptive[RT]x$/.test(id),
			),
		).toEqual([]);
	});

	test.each(Object.entries(applications))(
		"%s says that it got what was declared",
		async (name, { all, threads = {}, ...expected }) => {
			const said: StandIn = JSON.parse(await lab.read(`/dev/shm/${name}.json`));
			expect(said).toMatchObject(expected);
			expect(said.uid).toBeGreaterThan(0);
			for (const thread of said.threads) {
				const own = threads[thread.name] ?? {};
				expect(thread).toMatchObject({ ...all, ...own });
			}
			expect(said.threads.map((thread) => thread.name)).toEqual(
				expect.arrayContaining(Object.keys(threads)),
			);
		},
	);

	test("the guide's checklist holds", async () => {
		const run = await metaltune(["ready", "metal"], {
			cwd: lab.directory,
			env: process.env,
		});
		expect(run.stdout).not.toMatch(/not ok|could not tell/);
		expect(run).toMatchObject({ code: 0, stderr: "" });
	});

	test("a refresh has nothing to say, and all of it can be taken back", async () => {
		await done(lab.drift());
		await done(lab.destroy());
		const left = await lab.machine.ssh(
			"ls -d /opt/metaltune /etc/metaltune /etc/systemd/system/metaltune* 2>/dev/null || :",
		);
		expect(left).toBe("");
	});
}
