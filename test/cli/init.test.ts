/** `metaltune init`: a whole project, or nothing. */
import { spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newProject } from "../../cli/init/newProject";
import { version } from "../../model/version";
import { manifestOf } from "../../toolchain/npmPackage/manifest";
import { metaltune as start } from "./cli";

const checkout = join(__dirname, "../..");

const metaltune = (args: readonly string[]) =>
	start(args, { cwd: checkout, env: process.env });

let parent: string;
beforeEach(() => {
	parent = mkdtempSync(join(tmpdir(), "metaltune-init-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

const files = (directory: string) =>
	readdirSync(directory, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));

test("a new directory has a whole project with its name", () => {
	const directory = join(parent, "a/My-Hosts");
	expect(newProject(directory)).toContain(".gitignore");
	expect(readdirSync(directory).toSorted()).toEqual([
		...[".github", ".gitignore", ".gitlab-ci.yml", "Pulumi.yaml"],
		...["README.md", "hosts", "index.ts", "package.json"],
		...["policies.json", "tsconfig.json"],
	]);
	const read = (name: string) => readFileSync(join(directory, name), "utf8");
	expect(read("Pulumi.yaml")).toMatch(/^name: my-hosts\n/);
	expect(read("Pulumi.yaml")).not.toContain("template:");
	expect(JSON.parse(read("package.json")).name).toBe("my-hosts");
	for (const path of files(directory)) {
		expect(readFileSync(path, "utf8")).not.toMatch(/\$\{(?:PROJECT|DESC)/);
	}
});

test("its inventory is right, and no rule objects", async () => {
	const directory = join(parent, "p");
	newProject(directory);
	const inventory = ["--inventory", join(directory, "hosts")];
	const configuration = ["--config", join(directory, "policies.json")];
	const validated = await metaltune(["validate", ...inventory]);
	expect(validated).toMatchObject({ code: 0, stderr: "" });
	const linted = await metaltune(["lint", ...inventory, ...configuration]);
	expect(linted).toMatchObject({ code: 0, stderr: "" });
});

test("its versions are those of this checkout", () => {
	const text = readFileSync(join(checkout, "package.json"), "utf8");
	const { peerDependencies } = JSON.parse(text);
	const template = join(checkout, "template/package.json");
	expect(JSON.parse(readFileSync(template, "utf8")).dependencies).toEqual({
		"@pulumi/policy": peerDependencies["@pulumi/policy"],
		metaltune: version,
	});
});

test("what npm put into the directory stays", () => {
	writeFileSync(
		join(parent, "package.json"),
		'{"name": "mine", "dependencies": {"metaltune": "file:m.tgz"}}',
	);
	mkdirSync(join(parent, "node_modules"));
	newProject(parent);
	const text = readFileSync(join(parent, "package.json"), "utf8");
	expect(JSON.parse(text)).toEqual({
		name: "mine",
		dependencies: { "@pulumi/policy": "1.21.0", metaltune: "file:m.tgz" },
	});
});

test.each([
	[
		"a file of the user",
		{ "hosts.txt": "" },
		/expected an empty directory, found hosts\.txt; name another directory/,
	],
	[
		"a package.json that is none",
		{ "package.json": "{" },
		/package\.json: expected an npm package's description as JSON/,
	],
	[
		"a package.json that is a list",
		{ "package.json": "[]" },
		/package\.json: expected an npm package's description, an object/,
	],
])("%s: nothing is written", async (_, existing, message) => {
	const directory = join(parent, "p");
	mkdirSync(directory);
	for (const [name, text] of Object.entries(existing)) {
		writeFileSync(join(directory, name), String(text));
	}
	const { code, stderr } = await metaltune(["init", directory]);
	expect(code).toBe(1);
	expect(stderr).toMatch(message);
	expect(readdirSync(directory)).toEqual(Object.keys(existing));
	expect(readdirSync(parent)).toEqual(["p"]);
});

test("the package has no compiler and no developer's tools", () => {
	const text = readFileSync(join(checkout, "package.json"), "utf8");
	const manifest = manifestOf(JSON.parse(text));
	expect(manifest).toMatchObject({ name: "metaltune", version });
	for (const field of ["private", "scripts", "devDependencies"]) {
		expect(manifest).not.toHaveProperty(field);
	}
	expect(manifest.dependencies).not.toHaveProperty("tsx");
});

test("a Node.js that is too old is one sentence", () => {
	const script = `Object.defineProperty(process.versions, "node", { value: "20.19.0" });
require("./toolchain/npmPackage/bin.cjs");`;
	const { status, stderr } = spawnSync(process.execPath, ["-e", script], {
		cwd: checkout,
		encoding: "utf8",
	});
	expect({ status, stderr }).toEqual({
		status: 1,
		stderr:
			"metaltune: expected Node.js 22 or newer, got 20.19.0; install it and run this again\n",
	});
});
