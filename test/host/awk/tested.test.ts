/** Every awk program of the host program has cases of text in and text out. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { awkPrograms } from "../../../host/assemble";
import { sharedAwks } from "../../../host/awkPrograms";

const root = join(__dirname, "../../..");

/** Their cases are in test/host/compare.test.ts and test/applications/awk.test.ts. */
const elsewhere = /^(host\/lib\/compare|applications\/host\/\w+)\.awk$/;

/** The programs that a file of tests names for `testAwk`. */
function named(path: string): readonly string[] {
	const text = readFileSync(path, "utf8");
	if (!text.includes("testAwk(")) return [];
	return [...text.matchAll(/"([\w/]+\.awk)"/g)].map(([, name]) => `${name}`);
}

test("every awk program is run by a test of its own", () => {
	const files = readdirSync(join(root, "test"), { recursive: true })
		.map(String)
		.filter((path) => path.endsWith(".test.ts") && !__filename.endsWith(path));
	const tested = new Set(
		files.flatMap((path) => named(join(root, "test", path))),
	);
	const untested = awkPrograms("whole")
		.map(({ path }) => path)
		.filter(
			(path) =>
				!sharedAwks.some((shared) => shared === path) &&
				!elsewhere.test(path) &&
				!tested.has(path),
		);
	expect(untested).toEqual([]);
});
