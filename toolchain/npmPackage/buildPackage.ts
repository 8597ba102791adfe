/**
 * `npm run package [-- DIRECTORY]`: packs the npm package metaltune-VERSION.tgz.
 *
 * The package is this checkout compiled to JavaScript, in the same layout, so
 * that each module finds the files beside it by the same path. It has no
 * TypeScript but declarations, and needs no compiler at run time.
 */
import { execFileSync } from "node:child_process";
import {
	cpSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { manifestOf } from "./manifest";

const checkout = join(__dirname, "../..");
const tree = join(checkout, ".metaltune/package");

/** What the package holds beside the compiled modules. */
const copied = [
	...["CHANGELOG.md", "LICENSE", "README.md", "docs"],
	...["applications", "host", "hosts/profiles", "hosts/schema.json"],
	...["lab", "policies", "provider", "template", "tunables"],
];

function compile(): void {
	const tsc = join(checkout, "node_modules/.bin/tsc");
	execFileSync(tsc, ["--project", __dirname, "--outDir", tree], {
		cwd: checkout,
		stdio: ["ignore", "inherit", "inherit"],
	});
}

/** A module is compiled; the template is a user's, as it is. */
function isModule(path: string): boolean {
	return path.endsWith(".ts") && !path.startsWith("template/");
}

/** Files that git knows, or would: nothing that a run left behind. */
function sourceFiles(): readonly string[] {
	const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
	return execFileSync("git", [...list, "--", ...copied], {
		cwd: checkout,
		encoding: "utf8",
	})
		.split("\0")
		.filter((path) => path !== "" && !isModule(path));
}

function copy(from: string, to: string): void {
	mkdirSync(dirname(join(tree, to)), { recursive: true });
	cpSync(join(checkout, from), join(tree, to));
}

function pack(directory: string): string {
	const args = ["pack", "--pack-destination", directory, "--json"];
	const output = execFileSync("npm", args, { cwd: tree, encoding: "utf8" });
	return join(directory, JSON.parse(output)[0].filename);
}

rmSync(tree, { recursive: true, force: true });
compile();
for (const path of sourceFiles()) copy(path, path);
copy("toolchain/npmPackage/bin.cjs", "bin.cjs");
const manifest = JSON.parse(
	readFileSync(join(checkout, "package.json"), "utf8"),
);
writeFileSync(
	join(tree, "package.json"),
	`${JSON.stringify(manifestOf(manifest), null, "\t")}\n`,
);
console.log(pack(resolve(process.argv[2] ?? ".")));
