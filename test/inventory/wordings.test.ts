/**
 * The wording of every problem of an inventory, in one file: __snapshots__. Other
 * tests assert places only. After a change of a sentence, read the difference
 * and run `npx jest test/inventory/wordings -u`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseYaml } from "../../inventory/yaml/located";
import { InventoryError, type Problem, problemSink } from "../../model/problem";
import { contradictions, contradictionsIn } from "./broken/contradictions";
import { brokenGroups } from "./broken/groups";
import { brokenValues } from "./broken/values";
import { type Files, load } from "./inventoryDirectory";

function problemsOfValue(
	{ decoder }: (typeof brokenValues)[string],
	yaml: string,
): readonly Problem[] {
	const problems: Problem[] = [];
	const sink = problemSink(problems);
	const node = parseYaml("x.yaml", Buffer.from(yaml), sink);
	if (node !== undefined) decoder.decode(node, sink);
	return problems;
}

function problemsOfGroup(files: Files): readonly Problem[] {
	try {
		load(files);
	} catch (error) {
		if (error instanceof InventoryError) return error.problems;
		throw error;
	}
	return [];
}

/** Each different sentence once, in the order of the cases. */
function sentences(problems: readonly Problem[]): string {
	return [...new Set(problems.map(({ message }) => message))].join("\n");
}

describe.each(Object.entries(brokenValues))("%s", (_, broken) => {
	test.each(broken.values)("%j is refused at %j", (yaml, path) => {
		const paths = problemsOfValue(broken, yaml).map((problem) => problem.path);
		expect(paths).toEqual([path]);
	});

	test("wordings", () => {
		const all = broken.values.flatMap(([yaml]) =>
			problemsOfValue(broken, yaml),
		);
		expect(sentences(all)).toMatchSnapshot();
	});
});

describe.each(Object.entries(brokenGroups))("%s", (_, broken) => {
	test.each(broken)("%s is refused", (_name, files, place) => {
		const places = problemsOfGroup(files).map(
			({ file, line, col, path }) => `${file}:${line}:${col} ${path}`,
		);
		expect(places).toEqual([place]);
	});

	test("wordings", () => {
		const all = broken.flatMap(([, files]) => problemsOfGroup(files));
		expect(sentences(all)).toMatchSnapshot();
	});
});

test("contradictions wordings", () => {
	const all = contradictions.flatMap(([yaml]) => contradictionsIn(yaml));
	expect(sentences(all)).toMatchSnapshot();
});

/** Messages of defects, and one that needs a missing directory (load.test.ts). */
const notInYaml = [
	"expected a setting of a registered tunable, got",
	"expected a directory with one YAML file per group of machines, got",
	"expected a map, a list or a single value",
];

test("every sentence of the sources has a case", () => {
	const all = sentences([
		...Object.values(brokenValues).flatMap((broken) =>
			broken.values.flatMap(([yaml]) => problemsOfValue(broken, yaml)),
		),
		...Object.values(brokenGroups)
			.flat()
			.flatMap(([, files]) => problemsOfGroup(files)),
	]);
	const inventory = join(__dirname, "../../inventory");
	const options = { cwd: inventory, encoding: "utf8" } as const;
	const paths = execFileSync("git", ["ls-files", "*.ts"], options).trim();
	const texts = paths.split("\n").map((path) => {
		const source = readFileSync(join(inventory, path), "utf8");
		return source.replaceAll(/^\s*(?:\/\*)?\*.*$/gm, "");
	});
	// The fixed beginning of each literal.
	const begun = texts
		.flatMap((text) => [
			...text.matchAll(/["`]((?:expected|never refuses) [^"`$\\]+)/g),
		])
		.map(([, sentence = ""]) => sentence.trimEnd());
	expect(begun.length).toBeGreaterThan(50);
	expect(
		begun.filter((each) => !all.includes(each) && !notInYaml.includes(each)),
	).toEqual([]);
});
