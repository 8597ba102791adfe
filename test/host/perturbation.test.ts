/**
 * One perturbation, one finding: of a host with a full profile, every key is
 * changed in every layer it has, and a probe of the whole profile must report
 * that key with the right verdict, and nothing else. A probe finds several that
 * have nothing in common: of each tunable at most one key in each layer. On EL
 * that is done where the answer comes from somewhere else than on Debian.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { fullSettings, neededFiles } from "../../bench/fullProfile";
import { parseReport } from "../../host/protocol";
import { writeTree } from "../../lab/light/tree";
import type { Distribution } from "../../lab/light/tree/distributions";
import type { Fact } from "../../model/facts";
import { type Setting, settingId } from "../../model/settings";
import type { Finding, Verdict } from "../../model/verdict";
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
	// PAM lowers a soft limit to the hard one.
	"limits.@hugetlb.memlock.hard": ["limits.@hugetlb.memlock.soft"],
	"limits.@hugetlb.rtprio.hard": ["limits.@hugetlb.rtprio.soft"],
};

/** A host on which the whole profile is in effect. */
interface Tuned {
	readonly host: FakeHost;
	readonly settings: readonly Setting[];
	readonly places: readonly Place[];
}

/** Where a change by hand must be found. */
interface Place {
	readonly name: string;
	readonly setting: Setting;
	readonly fact: Fact;
}

const debian = tuned("debian-12", fullSettings());
// The daemon that runs jobs has another name there.
const el = tuned(
	"el-9",
	fullSettings().map((setting) => ({
		...setting,
		key: setting.key.replace(/^cron\./, "crond."),
	})),
);
afterAll(() => {
	debian.host.dispose();
	el.host.dispose();
});

function tuned(
	distribution: Distribution,
	settings: readonly Setting[],
): Tuned {
	const host = fakeHost(distribution);
	for (const [path, text] of Object.entries(neededFiles)) {
		host.write(path, text);
	}
	host.install();
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
	const pristine = mkdtempSync(join(tmpdir(), "metaltune-pristine-"));
	writeTree(pristine, distribution);
	const boot = spawnSync(
		join(__dirname, "../../lab/light/boot"),
		[host.root, pristine],
		{ encoding: "utf8" },
	);
	rmSync(pristine, { recursive: true });
	expect(boot).toMatchObject({ status: 0, stderr: "" });
	const findings = findingsOf(host, settings);
	expect(notOk(findings)).toEqual({});
	const places = findings.flatMap(({ setting, live, boot }) =>
		[live, boot]
			.filter((fact) => fact !== undefined)
			.map((fact) => ({
				name: `${settingId(setting)} ${fact.layer}`,
				setting,
				fact,
			})),
	);
	return { host, settings, places };
}

function findingsOf(
	of: FakeHost,
	settings: readonly Setting[],
): readonly Finding[] {
	const probe = of.run("probe", { settings });
	expect(probe).toMatchObject({ status: 0, stderr: "" });
	return parseReport(probe.stdout, settings).findings;
}

function notOk(findings: readonly Finding[]): Verdicts {
	return Object.fromEntries(
		findings
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

test("the profile is a whole host's: all tunables, 80 keys, all in effect", () => {
	const { settings, places } = debian;
	expect(new Set(settings.map(({ tunable }) => tunable))).toEqual(
		new Set(tunables.map(({ name }) => name)),
	);
	expect(settings.length).toBeGreaterThanOrEqual(80);
	expect(places.length).toBeGreaterThan(settings.length);
});

test("keys that no change reaches alone are listed here", () => {
	const known = debian.settings.map(settingId);
	expect(known).toEqual(expect.arrayContaining(Object.keys(inseparable)));
});

test("every answer can be changed by hand; a new source needs a rule", () => {
	const places = [...debian.places, ...el.places];
	const without = places.filter(({ fact }) => !canPerturb(fact));
	expect(without.map(({ name, fact }) => `${name}: ${fact.source}`)).toEqual(
		[],
	);
});

/** Ids of what a change of a setting is found in. */
function foundIn({ setting }: Place): readonly string[] {
	const id = settingId(setting);
	return [id, ...(inseparable[id] ?? [])];
}

/** Deals places out so that what is changed together has nothing in common. */
function together(places: readonly Place[]) {
	const taken = (place: Place): readonly string[] => [
		`${place.setting.tunable} ${place.fact.layer}`,
		...foundIn(place),
	];
	const batches: Place[][] = [];
	for (const place of places) {
		const free = batches.find(
			(batch) =>
				!batch.flatMap(taken).some((each) => taken(place).includes(each)),
		);
		if (free === undefined) batches.push([place]);
		else free.push(place);
	}
	return batches.map((batch) => ({
		names: batch.map(({ name }) => name).join(", "),
		batch,
	}));
}

function expectFound(
	{ host, settings }: Tuned,
	places: readonly Place[],
): void {
	const changed = host.clone();
	try {
		for (const { setting, fact } of places) {
			perturb({ host: changed, setting, fact });
		}
		expect(notOk(findingsOf(changed, settings))).toEqual(
			Object.fromEntries(
				places.flatMap((place) =>
					foundIn(place).map((id) => [
						id,
						verdictOf(place.setting, place.fact),
					]),
				),
			),
		);
	} finally {
		changed.dispose();
	}
}

describe("is found, and nothing else:", () => {
	test.each(together(debian.places))("$names", ({ batch }) =>
		expectFound(debian, batch),
	);
});

/** What EL answers from somewhere else; the rest is the same code. */
const elPlaces = el.places.filter(
	({ name, fact }) =>
		!debian.places.some(
			(other) => other.name === name && other.fact.source === fact.source,
		),
);

describe("is found on EL, and nothing else:", () => {
	test("the boot loader, packages and services among it", () => {
		const names = new Set(elPlaces.map(({ setting }) => setting.tunable));
		expect([...names].toSorted()).toEqual([
			"kernelCommandLine",
			"packages",
			"services",
		]);
	});

	test.each(together(elPlaces))("$names", ({ batch }) =>
		expectFound(el, batch),
	);
});
