/**
 * The project of a new user: the files of template/, with the project's name in
 * them. The directory gets all of them or none.
 */
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isFields } from "../../model/plainData";
import { fileText, jsonIn } from "../jsonFile";

interface Manifest {
	readonly dependencies?: { readonly [name: string]: string };
}

const template = join(__dirname, "../../template");

/** npm leaves a file called .gitignore out of a package. */
const renamed: { readonly [file: string]: string } = {
	gitignore: ".gitignore",
};

/** What a directory may hold before: what npm and git put there. */
const mayExist = [
	...["package.json", "package-lock.json", "node_modules"],
	...[".git", ".npmrc"],
];

/** npm's own file: what it has stays, and the project's dependencies are added. */
const manifest = "package.json";

/** Only for `pulumi new`. */
const templateSection = /^template:\n(?: .*\n)*/m;

const description = "Latency-tuned hosts";

/** `pulumi new` fills in the same names. */
const placeholder = /\$\{(PROJECT|DESCRIPTION)\}/g;

// Pulumi's rule for a project's name, and npm's.
const projectName = /^[a-z0-9][a-z0-9._-]{0,99}$/;

function nameOf(directory: string): string {
	const name = basename(directory);
	return projectName.test(name.toLowerCase()) ? name.toLowerCase() : "hosts";
}

function checkDirectory(directory: string): void {
	if (!existsSync(directory)) return;
	const others = readdirSync(directory)
		.filter((name) => !mayExist.includes(name))
		.toSorted();
	if (others.length === 0) return;
	const shown = others.slice(0, 3).join(", ");
	throw new Error(
		`${directory}: expected an empty directory, found ${shown}${others.length > 3 ? ", ..." : ""}; name another directory`,
	);
}

function fill(text: string, project: string): string {
	const filled = text.replace(templateSection, "");
	return filled.replace(placeholder, (_, name) =>
		name === "PROJECT" ? project : description,
	);
}

function writeInto(staged: string, project: string): void {
	cpSync(template, staged, { recursive: true });
	const files = readdirSync(staged, { recursive: true, withFileTypes: true });
	for (const file of files.filter((each) => each.isFile())) {
		const path = join(file.parentPath, file.name);
		writeFileSync(path, fill(readFileSync(path, "utf8"), project));
		const name = renamed[file.name];
		if (name !== undefined) renameSync(path, join(file.parentPath, name));
	}
}

function manifestIn(path: string): Manifest {
	const what = "an npm package's description";
	const found = jsonIn({ path, text: fileText(path, what), what });
	if (isFields(found)) return found;
	throw new Error(`${path}: expected ${what}, an object, got something else`);
}

function keepManifest(existing: string, staged: string): void {
	if (!existsSync(existing)) return;
	const [theirs, ours] = [manifestIn(existing), manifestIn(staged)];
	const dependencies = { ...ours.dependencies, ...theirs.dependencies };
	const merged = { ...theirs, dependencies };
	writeFileSync(staged, `${JSON.stringify(merged, null, "\t")}\n`);
}

/**
 * Writes a project into a directory, which is created where it is missing.
 *
 * @returns the paths written, relative to the directory.
 * @throws Error when the directory holds anything but npm's and git's files, or
 *   its package.json cannot be read.
 */
export function newProject(path: string): readonly string[] {
	const directory = resolve(path);
	checkDirectory(directory);
	mkdirSync(dirname(directory), { recursive: true });
	const staged = mkdtempSync(join(dirname(directory), ".metaltune-init-"));
	try {
		writeInto(staged, nameOf(directory));
		keepManifest(join(directory, manifest), join(staged, manifest));
		mkdirSync(directory, { recursive: true });
		const names = readdirSync(staged).toSorted();
		for (const name of names) {
			renameSync(join(staged, name), join(directory, name));
		}
		return names;
	} finally {
		rmSync(staged, { recursive: true, force: true });
	}
}
