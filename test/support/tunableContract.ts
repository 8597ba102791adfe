/**
 * What every tunable promises, proved by running the real host program over
 * data cases. A tunable's own test file holds only cases.
 */
import { afterAll, describe, expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import type { SettingsSection } from "../../inventory/tunable";
import type { Distribution } from "../../lab/light/tree/distributions";
import { isDeployed, type Setting, settingId } from "../../model/settings";
import type { Verdict } from "../../model/verdict";
import { tunables } from "../../tunables/registry";
import { type FakeHost, powerCut } from "./hostRun";
import { settingsFromYaml } from "./inventory";
import { newHost } from "./newHost";
import { diffTrees, type TreeSnapshot } from "./tree";

/** Path below the host's root to a file's text; undefined is no such file. */
type Files = { readonly [path: string]: string | undefined };

/** Setting id to verdict, for those that are not `ok`. */
type Verdicts = { readonly [settingId: string]: Verdict };

export interface TunableCase {
	readonly name: string;
	/** The tunable's section of the inventory. */
	readonly yaml: string;
	readonly distribution?: Distribution;
	/** Interrupted at its steps too, as the first case is. */
	readonly cuts?: true;
	/** What the host has before metaltune, on top of the lab's tree. */
	readonly before?: Files;
	/** What is uploaded to it between apply and its first deployment. */
	readonly uploads?: Files;
	/** What it has after apply, and after deploy where that has to do. */
	readonly after: Files;
	/** Verdicts after apply. */
	readonly verdicts?: Verdicts;
	/** Changes by hand, each with exactly what a probe must find. */
	readonly drifts?: readonly {
		readonly name: string;
		readonly change: Files;
		readonly finds: Verdicts;
		/** Apply cannot repair it: only a reboot does. */
		readonly stays?: true;
	}[];
	/** A smaller section, and files that are as before metaltune after it. */
	readonly shrunk?: { readonly yaml: string; readonly restores: Files };
	/** Set when the host cannot be made so: what the table of exit 65 says. */
	readonly fails?: RegExp;
}

function hostOf(tunableCase: TunableCase): FakeHost {
	const host = newHost(tunableCase.distribution);
	change(host, tunableCase.before ?? {});
	return host;
}

function change(host: FakeHost, files: Files): void {
	for (const [path, text] of Object.entries(files)) {
		if (text === undefined) host.remove(path);
		else host.write(path, text);
	}
}

/** Applies, and deploys where that is what makes it so. */
function applySettings(
	host: FakeHost,
	tunableCase: TunableCase,
	settings: readonly Setting[],
) {
	const applied = host.run("apply", { settings });
	if (!settings.some(isDeployed)) return applied;
	expect(applied).toEqual({ ...done, stdout: "" });
	if (!host.snapshot().has("opt/metaltune")) {
		change(host, tunableCase.uploads ?? {});
	}
	return host.run("deploy", { settings });
}

/** Verdicts that are not `ok`. */
function notOk(host: FakeHost, settings: readonly Setting[]): Verdicts {
	const probe = host.run("probe", { settings });
	expect(probe).toMatchObject({ status: 0, stderr: "" });
	const { findings } = parseReport(probe.stdout, settings);
	return Object.fromEntries(
		findings
			.filter(({ verdict }) => verdict !== "ok")
			.map(({ setting, verdict }) => [settingId(setting), verdict]),
	);
}

function filesOf(host: FakeHost, like: Files): Files {
	const snapshot = host.snapshot();
	return Object.fromEntries(
		Object.keys(like).map((path) => [path, snapshot.get(path)?.content]),
	);
}

const done = { status: 0, stderr: "" };

/** The same tree but for metaltune's own records. */
function tuned(host: FakeHost) {
	const snapshot = new Map(host.snapshot());
	for (const path of snapshot.keys()) {
		if (path.startsWith("var/lib/metaltune")) snapshot.delete(path);
	}
	return snapshot;
}

/**
 * Declares the tests of one tunable.
 *
 * @param cases at least one; the first is also interrupted at its steps, and those
 *   that say so.
 */
export function describeTunable(
	tunable: SettingsSection<unknown>,
	cases: readonly [TunableCase, ...TunableCase[]],
): void {
	describe.each(cases)("$name", (tunableCase) => {
		const settings = settingsFromYaml(tunable, tunableCase.yaml);
		if (tunableCase.fails === undefined) {
			testPromises(tunable, tunableCase, settings);
		} else {
			testFailure(tunableCase, settings, tunableCase.fails);
		}
	});
	for (const tunableCase of cases) {
		if (tunableCase === cases[0] || tunableCase.cuts) {
			const settings = settingsFromYaml(tunable, tunableCase.yaml);
			testCuts(tunable, tunableCase, settings);
		}
	}
}

function testPromises(
	tunable: SettingsSection<unknown>,
	tunableCase: TunableCase,
	settings: readonly Setting[],
): void {
	test("probe changes nothing", () => {
		const host = hostOf(tunableCase);
		host.install();
		const before = host.snapshot({ writes: true });
		expect(host.run("probe", { settings })).toMatchObject(done);
		expect(diffTrees(before, host.snapshot({ writes: true }))).toEqual([]);
	});

	test("apply makes it so, and once", () => {
		const host = hostOf(tunableCase);
		host.install();
		expect(applySettings(host, tunableCase, settings)).toMatchObject(done);
		expect(filesOf(host, tunableCase.after)).toEqual(tunableCase.after);
		expect(notOk(host, settings)).toEqual(tunableCase.verdicts ?? {});
		const after = host.snapshot({ writes: true });
		expect(applySettings(host, tunableCase, settings)).toEqual({
			...done,
			stdout: "",
		});
		expect(diffTrees(after, host.snapshot({ writes: true }))).toEqual([]);
	});

	test("revert puts everything back, byte for byte", () => {
		const host = hostOf(tunableCase);
		const before = host.snapshot();
		host.install();
		expect(host.run("revert")).toEqual({ ...done, stdout: "" });
		expect(diffTrees(before, host.snapshot())).toEqual([]);
		host.install();
		applySettings(host, tunableCase, settings);
		expect(host.run("revert")).toMatchObject(done);
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	});

	for (const drift of tunableCase.drifts ?? []) {
		test(`finds ${drift.name}`, () => {
			const host = hostOf(tunableCase);
			host.install();
			applySettings(host, tunableCase, settings);
			change(host, drift.change);
			expect(notOk(host, settings)).toEqual({
				...tunableCase.verdicts,
				...drift.finds,
			});
			expect(applySettings(host, tunableCase, settings)).toMatchObject(done);
			if (drift.stays) {
				expect(notOk(host, settings)).toEqual(drift.finds);
				return;
			}
			expect(notOk(host, settings)).toEqual(tunableCase.verdicts ?? {});
			expect(filesOf(host, tunableCase.after)).toEqual(tunableCase.after);
		});
	}

	const { shrunk } = tunableCase;
	if (shrunk === undefined) return;
	test("what is dropped is reverted", () => {
		const fewer = settingsFromYaml(tunable, shrunk.yaml);
		const host = hostOf(tunableCase);
		const before = host.snapshot();
		host.install();
		applySettings(host, tunableCase, settings);
		expect(applySettings(host, tunableCase, fewer)).toMatchObject(done);
		expect(filesOf(host, shrunk.restores)).toEqual(shrunk.restores);
		expect(notOk(host, fewer)).toEqual(
			Object.fromEntries(
				Object.entries(tunableCase.verdicts ?? {}).filter(([id]) =>
					fewer.some((setting) => settingId(setting) === id),
				),
			),
		);
		expect(host.run("revert")).toMatchObject(done);
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	});
}

function testFailure(
	tunableCase: TunableCase,
	settings: readonly Setting[],
	table: RegExp,
): void {
	test("apply fails with the table, and revert still works", () => {
		const host = hostOf(tunableCase);
		const before = host.snapshot();
		host.install();
		const run = host.run("apply", { settings });
		expect(run.status).toBe(65);
		expect(run.stderr).toMatch(table);
		expect(filesOf(host, tunableCase.after)).toEqual(tunableCase.after);
		expect(notOk(host, settings)).toEqual(tunableCase.verdicts);
		expect(host.run("revert")).toMatchObject(done);
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	});
}

// Most steps of a run are the driver's, and the same for every tunable: each
// tunable is cut at a third of its steps, about five at most, and not at the
// same ones as the next. METALTUNE_CUTS=all cuts every tunable at every step.
function cutsOf(
	steps: number,
	{ name }: SettingsSection<unknown>,
): readonly number[] {
	const all = Array.from({ length: steps }, (_, index) => index + 1);
	if (process.env.METALTUNE_CUTS === "all") return all;
	const stride = Math.max(3, Math.ceil(steps / 5));
	const offset = tunables.findIndex((tunable) => tunable.name === name);
	return all.filter((step) => step === 1 || (step + offset) % stride === 0);
}

function testCuts(
	tunable: SettingsSection<unknown>,
	tunableCase: TunableCase,
	settings: readonly Setting[],
): void {
	describe(`a power cut: ${tunableCase.name}`, () => {
		const power = powerCut();
		afterAll(() => power.dispose());

		/** Runs `verb` on copies of a host, interrupted after one of its steps. */
		const atSteps = (
			start: FakeHost,
			verb: string,
			verify: (host: FakeHost) => void,
		): void => {
			const whole = start.clone();
			power.never();
			expect(whole.run(verb, { settings, path: power.path }).status).toBe(0);
			whole.dispose();
			const steps = power.steps();
			expect(steps).toBeGreaterThan(0);
			for (const step of cutsOf(steps, tunable)) {
				const host = start.clone();
				power.at(step);
				host.run(verb, { settings, path: power.path });
				expect(power.steps()).toBe(step);
				verify(host);
				host.dispose();
			}
		};

		const reverts = (host: FakeHost, before: TreeSnapshot): void => {
			host.install();
			expect(host.run("revert")).toMatchObject(done);
			expect(diffTrees(before, host.snapshot())).toEqual([]);
		};

		test("of apply is completed by the next apply, or undone by revert", () => {
			const start = hostOf(tunableCase);
			const before = start.snapshot();
			start.install();
			const whole = start.clone();
			applySettings(whole, tunableCase, settings);
			const expected = tuned(whole);
			whole.dispose();
			const verb = settings.some(isDeployed) ? "deploy" : "apply";
			if (verb === "deploy") {
				start.run("apply", { settings });
				change(start, tunableCase.uploads ?? {});
			}
			atSteps(start, verb, (host) => {
				const undone = host.clone();
				reverts(undone, before);
				undone.dispose();
				// A deployment waits between its looks; there is no waiting on this path.
				power.never();
				const path = verb === "deploy" ? power.path : undefined;
				expect(
					host.run(verb, { settings, ...(path && { path }) }),
				).toMatchObject(done);
				expect(diffTrees(expected, tuned(host))).toEqual([]);
			});
		}, 300_000);

		test("of revert is completed by the next revert", () => {
			const start = hostOf(tunableCase);
			const before = start.snapshot();
			start.install();
			applySettings(start, tunableCase, settings);
			atSteps(start, "revert", (host) => reverts(host, before));
		}, 300_000);
	});
}
