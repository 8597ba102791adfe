/**
 * One perturbation, one finding: of a host with a full profile, every key is
 * changed in every layer it has, and a probe of the whole profile must report
 * that key with the right verdict, and nothing else.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import {
	fullSettings,
	neededFiles,
	tuningTunables,
} from "../../bench/fullProfile";
import { compare, type Verdict } from "../../inventory/compare";
import type { Fact } from "../../inventory/facts";
import { parseReport } from "../../inventory/report";
import { type Setting, settingId } from "../../inventory/settings";
import { writeTree } from "../../lab/light/tree";
import { tunables } from "../../tunables/registry";
import { type FakeHost, fakeHost } from "../support/hostRun";
import { canPerturb, perturb } from "../support/perturbation";

type Verdicts = { readonly [settingId: string]: Verdict };

/** What one change cannot but change as well, and why. */
const inseparable: { readonly [settingId: string]: readonly string[] } = {
	// An account that is gone has none of its aspects either.
	"users.user.fx": [
		"users.user.fx.groups.hugetlb",
		"users.user.fx.shell",
		"users.user.fx.system",
	],
};

/** Tunables whose keys no apply makes so, and where their drift is tested. */
const elsewhere: { readonly [tunable: string]: string } = {
	// A release is deployed once the host is ready.
	applications: "applications.test.ts",
	// What the hardware and the kernel are; nothing sets it.
	machine: "machine.test.ts",
};

const settings = fullSettings();
const host = tunedHost();
afterAll(() => host.dispose());

function tunedHost(): FakeHost {
	const made = fakeHost();
	for (const [path, text] of Object.entries(neededFiles)) {
		made.write(path, text);
	}
	made.install();
	expect(made.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
	const pristine = mkdtempSync(join(tmpdir(), "metaltune-pristine-"));
	writeTree(pristine, "debian-12");
	const boot = spawnSync(
		join(__dirname, "../../lab/light/boot"),
		[made.root, pristine],
		{ encoding: "utf8" },
	);
	rmSync(pristine, { recursive: true });
	expect(boot).toMatchObject({ status: 0, stderr: "" });
	return made;
}

function factsOf(of: FakeHost): readonly Fact[] {
	const probe = of.run("probe", { settings });
	expect(probe).toMatchObject({ status: 0, stderr: "" });
	return parseReport(probe.stdout).facts;
}

function notOk(facts: readonly Fact[]): Verdicts {
	return Object.fromEntries(
		compare(settings, facts)
			.filter(({ verdict }) => verdict !== "ok")
			.map(({ setting, verdict }) => [settingId(setting), verdict]),
	);
}

function verdictOf(setting: Setting, { layer }: Fact): Verdict {
	if (layer === "boot") return "bootDrift";
	// A boot was asked for the 1G pages too: what is missing now, apply asks for.
	const { tunable } = setting;
	return tunable === "kernelCommandLine" ? "pendingReboot" : "liveDrift";
}

const facts = factsOf(host);
const places = compare(settings, facts).flatMap(({ setting, live, boot }) =>
	[live, boot]
		.filter((fact) => fact !== undefined)
		.map((fact) => ({
			name: `${settingId(setting)} ${fact.layer}`,
			setting,
			fact,
		})),
);

test("the profile is a whole host's: all tunables, 80 keys, all in effect", () => {
	expect(new Set(settings.map(({ tunable }) => tunable))).toEqual(
		new Set(tuningTunables.map(({ name }) => name)),
	);
	expect(settings.length).toBeGreaterThanOrEqual(80);
	expect(notOk(facts)).toEqual({});
	expect(places.length).toBeGreaterThan(settings.length);
});

test("what is changed elsewhere, or not alone, is named here", () => {
	const names = tunables.map(({ name }) => name);
	const ours = tuningTunables.map(({ name }) => name);
	expect(names.filter((name) => !ours.includes(name)).toSorted()).toEqual(
		Object.keys(elsewhere).toSorted(),
	);
	for (const file of Object.values(elsewhere)) {
		expect(existsSync(join(__dirname, file))).toBe(true);
	}
	const known = settings.map(settingId);
	expect(known).toEqual(expect.arrayContaining(Object.keys(inseparable)));
});

test("every answer can be changed by hand; a new source needs a rule", () => {
	const without = places.filter(({ fact }) => !canPerturb(fact));
	expect(without.map(({ name, fact }) => `${name}: ${fact.source}`)).toEqual(
		[],
	);
});

describe("is found, and nothing else:", () => {
	test.each(places)("$name", ({ setting, fact }) => {
		const changed = host.clone();
		try {
			perturb({ host: changed, setting, fact });
			const verdict = verdictOf(setting, fact);
			const id = settingId(setting);
			expect(notOk(factsOf(changed))).toEqual(
				Object.fromEntries(
					[id, ...(inseparable[id] ?? [])].map((each) => [each, verdict]),
				),
			);
		} finally {
			changed.dispose();
		}
	});
});
