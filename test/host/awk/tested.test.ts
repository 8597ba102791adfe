/** Every awk program of the host program has cases of text in and text out. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { awkPrograms } from "../../../host/assemble";
import { sharedAwk } from "../../../host/awkPrograms";

const root = join(__dirname, "../../..");

/**
 * Programs that only tests of the whole program run. A new program does not belong
 * here: give it cases with `testAwk`.
 */
const onlyInTheWhole: readonly string[] = [];

/** The programs that a file of tests names for `testAwk`. */
function named(path: string): readonly string[] {
	const text = readFileSync(path, "utf8");
	if (!text.includes("testAwk(")) return [];
	return [...text.matchAll(/"([\w/]+\.awk)"/g)].map(([, name]) => `${name}`);
}

test("every awk program is run by a test of its own", () => {
	const files = readdirSync(join(root, "test"), { recursive: true })
		.map(String)
		.filter((path) => path.endsWith(".test.ts"));
	const tested = new Set(
		files.flatMap((path) => named(join(root, "test", path))),
	);
	const untested = awkPrograms("whole")
		.map(({ path }) => path)
		.filter((path) => path !== sharedAwk && !tested.has(path));
	expect(untested.sort()).toEqual([...onlyInTheWhole].sort());
});
