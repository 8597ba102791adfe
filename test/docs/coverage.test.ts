/**
 * docs/coverage.md promises what the guides ask for, setting by setting. Here
 * its declarations are decoded, the tests it names looked up, and each guide's
 * declarations applied together on a simulated host.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { applications } from "../../applications/applicationSettings";
import { parseReport } from "../../host/protocol";
import { machine } from "../../inventory/sections/machine";
import { isDeployed, type Setting, settingId } from "../../model/settings";
import { tunables } from "../../tunables/registry";
import { furnishForGuides } from "../support/furnish";
import { fakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";

interface Row {
	readonly guide: string;
	readonly line: string;
	readonly declared: string;
	readonly ids: readonly string[];
	readonly file: string;
	readonly testCase: string;
}

const repository = join(__dirname, "../..");
const text = readFileSync(join(repository, "docs/coverage.md"), "utf8");

/** Heading to the lines below it. */
const sections = new Map(
	text
		.split(/^## /m)
		.slice(1)
		.map((section) => {
			const [heading = "", ...lines] = section.split("\n");
			return [heading, lines] as const;
		}),
);

/** All that stands for settings. */
const settingsSections = [...tunables, applications, machine];

/** Where their tests are, below test/. */
const testsOf: { readonly [name: string]: string } = {
	applications: "applications",
	machine: "host",
};

/** Prose is words; everything that is checked is set as code. */
function codeOf(cell: string): readonly string[] {
	return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? "");
}

function rowOf(guide: string, line: string): Row {
	const cells = line.split(" | ");
	expect(cells).toHaveLength(5);
	const [where = "", , declared = "", ids = "", proof = ""] = cells;
	const testCase = proof.replace(/^`[^`]+`: /, "").replace(/ \|$/, "");
	return {
		guide,
		line: where.replace(/^\| /, ""),
		declared: codeOf(declared).join("\n"),
		ids: codeOf(ids),
		file: codeOf(proof)[0] ?? "",
		testCase,
	};
}

const guides = [...sections].filter(([heading]) => /^\d{3} /.test(heading));

const rows = guides.flatMap(([guide, lines]) =>
	lines.filter((line) => /^\| \d/.test(line)).map((line) => rowOf(guide, line)),
);

function settingsOf({ declared }: Row): readonly Setting[] {
	const [, name, section = ""] = /^(\w+): (.+)$/.exec(declared) ?? [];
	const found = settingsSections.find((each) => each.name === name);
	if (found === undefined) throw new Error(`no section in ${declared}`);
	return settingsFromYaml(found, section);
}

test("every guide has a table, and every line of a table is read", () => {
	expect(guides.map(([heading]) => heading.slice(0, 3))).toEqual([
		"000",
		"001",
		"002",
		"003",
		"004",
	]);
	const tableLines = guides.flatMap(([, lines]) =>
		lines.filter((line) => line.startsWith("|")),
	);
	expect(tableLines).toHaveLength(rows.length + 2 * guides.length);
	for (const [guide] of guides) {
		const starts = rows
			.filter((row) => row.guide === guide)
			.map(({ line }) => Number.parseInt(line, 10));
		expect(starts).toEqual(starts.toSorted((a, b) => a - b));
		expect(starts.length).toBeGreaterThan(0);
	}
});

test.each(rows)("$guide, $line: $declared", (row) => {
	expect(row.line).toMatch(/^\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*$/);
	expect(settingsOf(row).map(settingId).toSorted()).toEqual(row.ids.toSorted());
	const [name = ""] = row.declared.split(":");
	const place = testsOf[name] ?? "tunables";
	const source = readFileSync(
		join(repository, "test", place, row.file),
		"utf8",
	);
	expect(source).toContain(`name: "${row.testCase}",`);
	expect(row.file).toBe(`${name}.test.ts`);
});

test("every tunable is in a table, or listed as one no guide asks for", () => {
	const listed = (sections.get("Tunables that no guide asks for") ?? [])
		.filter((line) => line.startsWith("- "))
		.map((line) => codeOf(line)[0] ?? "");
	const declared = new Set(rows.map((row) => row.declared.split(":")[0] ?? ""));
	expect([...declared, ...listed].toSorted()).toEqual(
		settingsSections.map(({ name }) => name).toSorted(),
	);
});

describe.each(["Served beside the tables", "Not served"])("%s", (heading) => {
	const items = (sections.get(heading) ?? []).filter((line) =>
		line.startsWith("- "),
	);

	test("names guides, lines and how, or why not", () => {
		expect(items.length).toBeGreaterThan(0);
		const names = guides.map(([guide]) => guide.split(" ").slice(0, 2));
		for (const item of items) {
			const guide = names.find((words) =>
				item.startsWith(`- ${words.join(" ")}`),
			);
			expect({ item, guide }).toEqual({ item, guide: expect.anything() });
			expect(item).toMatch(/ \d+(?:-\d+)?(?:, \d+(?:-\d+)?)*: .{8}/);
		}
	});

	test("names tests that there are", () => {
		const named = items.map((item) =>
			codeOf(item).filter((code) => code.endsWith(".test.ts")),
		);
		for (const path of named.flat()) {
			expect(() => readFileSync(join(repository, path))).not.toThrow();
		}
		const isServed = heading === "Served beside the tables";
		expect(named.every((tests) => tests.length > 0 === isServed)).toBe(true);
	});
});

const tools = [
	"heaptrack",
	"heaptrack-gui",
	"likwid",
	"pcm",
	"procps",
	"valgrind",
];

describe.each(guides)("%s as a whole", (guide) => {
	test("takes effect, but for what waits for a reboot or a deployment", () => {
		const settings = rows
			.filter((row) => row.guide === guide)
			.flatMap(settingsOf);
		expect(new Set(settings.map(settingId)).size).toBe(settings.length);
		const host = fakeHost();
		try {
			furnishForGuides(host, tools);
			host.install();
			expect(host.run("apply", { settings })).toMatchObject({
				status: 0,
				stderr: "",
			});
			const { findings } = parseReport(
				host.run("probe", { settings }).stdout,
				settings,
			);
			expect(
				findings
					.filter(({ verdict }) => verdict !== "ok")
					.map(({ setting, verdict }) => `${settingId(setting)} ${verdict}`)
					.toSorted(),
			).toEqual(
				settings
					.filter(({ tunable, effect, key }) => {
						// What a deployment asks and a person runs is known before.
						const isRecorded = /\.(?:health|loadTest)$/.test(key);
						return (
							(effect !== "live" || isDeployed({ tunable })) && !isRecorded
						);
					})
					.map(
						(setting) =>
							`${settingId(setting)} ${setting.effect === "reboot" ? "pendingReboot" : "liveDrift"}`,
					)
					.toSorted(),
			);
		} finally {
			host.dispose();
		}
	}, 120_000);
});
