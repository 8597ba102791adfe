/**
 * A file name says one thing. Commands, rules and sections have the name that the
 * user writes; the type that a section decodes has the section's name in model/.
 */
import { execFileSync } from "node:child_process";
import { basename, dirname, join } from "node:path";

const checkout = join(__dirname, "../..");

const product =
	/^(?:bench|cli|components|host|applications|inventory|lab|model|observe|policies|provider|reports|ssh|toolchain|tunables)\//;
const namedByUsers = /^(?:cli\/commands|policies\/rules|inventory\/sections)$/;

const paths = execFileSync("git", ["ls-files", "*.ts"], {
	cwd: checkout,
	encoding: "utf8",
})
	.split("\n")
	.filter((path) => product.test(path) && basename(path) !== "index.ts");

test("no two files of the product have the same name", () => {
	const clashes = paths.flatMap((path, index) =>
		paths
			.slice(index + 1)
			.filter((other) => basename(other) === basename(path))
			.map((other) => [path, other] as const),
	);
	expect(clashes.filter(([path, other]) => !mayShareName(path, other))).toEqual(
		[],
	);
});

/** Both are named by users, or one is the model of a section. */
function mayShareName(path: string, other: string): boolean {
	const directories = [dirname(path), dirname(other)];
	return (
		directories.every((directory) => namedByUsers.test(directory)) ||
		directories.toSorted().join() === "inventory/sections,model"
	);
}
