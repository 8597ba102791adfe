/**
 * A guide's system whole, scaled to the lab's machine: tuned, rebooted and
 * deployed in one `up`. A program that stands for the binaries says what the
 * kernel gave it, and the checklist of the guide is gone through.
 */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { metaltune } from "../cli/cli";
import { done, type MetalLab, startMetalLab } from "./lab";
import { buildStandIn, type StandIn, saidBy, type Thread } from "./standIn";

const checkout = join(__dirname, "../..");

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
	buildStandIn(directory);
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

	test("everything is in effect that this machine supports", async () => {
		const { verdicts, unsupported } = await lab.status();
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
			const said = await saidBy(lab, name);
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
		const run = await metaltune(["checklist", "metal"], {
			cwd: lab.directory,
			env: process.env,
		});
		expect(run.stdout).not.toMatch(/not ok|undetermined/);
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
