/** Every awk program of the host program has cases of text in and text out. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { awkPrograms } from "../../../host/assemble";
import { sharedAwks } from "../../../host/awkPrograms";

const root = join(__dirname, "../../..");

/** Their cases are in test/host/compare.test.ts and test/applications/awk.test.ts. */
const elsewhere = /^(host\/lib\/compare|applications\/host\/\w+)\.awk$/;

/**
 * Programs that only tests of the whole program run. A new program does not belong
 * here: give it cases with `testAwk`.
 */
const onlyInTheWhole: readonly string[] = [
	"host/boot/entriesGive.awk",
	"host/boot/grubEntry.awk",
	"host/boot/grubMenu.awk",
	"host/boot/parametersSet.awk",
	"host/boot/systemdBootEntries.awk",
	"tunables/ethtool/read.awk",
	"tunables/irqAffinity/members.awk",
	"tunables/irqAffinity/others.awk",
];

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
	expect(untested.sort()).toEqual([...onlyInTheWhole].sort());
});
