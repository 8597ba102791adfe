/** What the catalogue says is held against what the tunables do. */

import { applications } from "../../applications/applicationSettings";
import type { Tunable } from "../../inventory/tunable";
import {
	catalogueText,
	explanations,
	explanationText,
} from "../../reports/catalogueFormats";
import { tunables } from "../../tunables/registry";
import { settingsFromYaml } from "../support/inventory";

const made: Tunable<unknown> = {
	name: "made",
	docs: {
		summary: "one line",
		keys: [{ key: "KEY", meaning: "what it is", values: "on, off" }],
		layers: ["live"],
		needsReboot: "partly",
		risks: ["first", `second ${"word ".repeat(20)}end`],
		cannotBeUndone: "nothing",
		persistence: "a file",
		sources: ["Documentation/x.rst"],
		example: "made:\n  key: on",
	},
	decoder: { schema: {}, expected: "", decode: () => undefined },
	settings: () => [],
};

describe("an explanation", () => {
	const [one] = explanations([made]);
	if (one === undefined) throw new Error("expected an explanation, got none");

	test("says everything, in lines that fit a terminal", () => {
		const text = explanationText(one);
		expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
		expect(text).toMatch(/^made: one line\n\nKeys\n {2}KEY\n {4}what it is\n/);
		expect(text).toContain("\n    Values: on, off\n");
		expect(text).toContain("\nNeeds a reboot\n  for some keys\n");
		expect(text).toContain("\nRisks\n  first\n  second word");
		expect(text).toMatch(/\nExample\n {2}made:\n {4}key: on$/);
	});

	test("is one line of the catalogue", () => {
		expect(catalogueText([one])).toMatch(
			/^made +one line +live +for some keys$/m,
		);
	});
});

const described = [...tunables, applications];

describe.each(explanations(described))("$name", (one) => {
	const { name, example, needsReboot } = one;
	const section = example
		.replace(`${name}:`, "")
		.trimStart()
		.replace(/^ {2}/gm, "");

	test("has an example that is right, and says what needs a reboot", () => {
		expect(example.startsWith(`${name}:`)).toBe(true);
		const tunable = described.find((each) => each.name === name);
		if (tunable === undefined) throw new Error(`expected ${name}, got none`);
		const settings = settingsFromYaml(tunable, section);
		expect(settings).not.toEqual([]);
		const effects = new Set(
			settings
				.filter((setting) => setting.tunable === name)
				.map(({ effect }) => effect),
		);
		if (needsReboot === "partly") return;
		expect([...effects]).toEqual([needsReboot === "never" ? "live" : "reboot"]);
	});

	test("fits a terminal", () => {
		const lines = explanationText(one).split("\n");
		expect(lines.filter((line) => line.length > 80)).toEqual([]);
	});
});
