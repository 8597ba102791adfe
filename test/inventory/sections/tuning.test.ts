/** From decoded tuning to settings. */

import { scalarText } from "../../../inventory/decode/scalars";
import { tuningSettings } from "../../../inventory/sections/tuning";
import type { Tunable } from "../../../inventory/tunable";
import { type Problem, problemSink } from "../../../model/problem";
import type { Setting } from "../../../model/settings";
import { anyDocs } from "../fakeTunables";
import { tree } from "../trees";

function asking(name: string, settings: readonly Setting[]): Tunable<unknown> {
	return {
		name,
		docs: anyDocs,
		decoder: scalarText("Anything."),
		settings: () => settings,
	};
}

const a: Setting = {
	tunable: "a",
	key: "k",
	match: "exact",
	value: "1",
	effect: "live",
};

function settingsOf(...tunables: readonly Tunable<unknown>[]) {
	const problems: Problem[] = [];
	const names = tunables.map(({ name }) => name);
	const node = tree(names.map((name) => `${name}: x\n`).join(""));
	if (node.kind !== "map") throw new Error("expected a map");
	const tuning = Object.fromEntries(names.map((name) => [name, "x"]));
	const sink = problemSink(problems);
	const settings = tuningSettings(tunables, { tuning, node }, sink);
	return { settings, messages: problems.map(({ message }) => message) };
}

test("the same setting asked for twice is one", () => {
	expect(settingsOf(asking("a", [a, a]), asking("b", [a]))).toEqual({
		settings: [a],
		messages: [],
	});
});

test.each<[Partial<Setting>, string]>([
	[{ value: "2" }, "asks for a.k 2, but a asks for 1; keep one of the two"],
	[
		{ match: "atLeast" },
		"asks for a.k >= 1, but a asks for 1; keep one of the two",
	],
	[
		{ effect: "reboot" },
		"asks for a.k 1 (reboot), but a asks for 1 (live); keep one of the two",
	],
])("a setting that differs by %j is a problem", (change, message) => {
	const { messages } = settingsOf(
		asking("a", [a]),
		asking("b", [{ ...a, ...change }]),
	);
	expect(messages).toEqual([message]);
});

test("keys are in byte order, as sort has them on the host", () => {
	const keys = ["b", "a_", "a.", "Z", "\u{1f600}", "\uffee"];
	const tunable = asking(
		"a",
		keys.map((key) => ({ ...a, key })),
	);
	expect(settingsOf(tunable).settings.map(({ key }) => key)).toEqual([
		"Z",
		"a.",
		"a_",
		"b",
		"\uffee",
		"\u{1f600}",
	]);
});

test("a setting of no registered tunable is a defect, not a problem", () => {
	expect(() => settingsOf(asking("b", [a]))).toThrow(
		"expected a setting of a registered tunable, got a.k",
	);
});
