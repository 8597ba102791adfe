/**
 * Every CI file that is shipped: YAML that parses, shell that is well-formed,
 * and calls that the command line knows.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { unknownIn } from "./commandHelp";
import { callsOf, scriptsOf } from "./workflowCommands";

// Every command is asked for its help, in a process of its own.
jest.setTimeout(60_000);

const checkout = join(__dirname, "../..");

function filesIn(directory: string, key: "run" | "script") {
	const path = join(checkout, directory);
	const names = existsSync(path) ? readdirSync(path) : [];
	return names
		.filter((name) => name.endsWith(".yml"))
		.map((name) => [`${directory}/${name}`, key] as const);
}

const files = [
	...filesIn(".github/workflows", "run"),
	...filesIn(".gitlab", "script"),
];

const textOf = (file: string) => readFileSync(join(checkout, file), "utf8");

test("there are workflows of both", () => {
	expect(files.map(([file]) => file)).toEqual(
		expect.arrayContaining([
			".github/workflows/drift.yml",
			".gitlab/drift.yml",
		]),
	);
});

describe.each(files)("%s", (file, key) => {
	const scripts = scriptsOf(textOf(file), key);

	test("its shell is well-formed", () => {
		expect(scripts.length).toBeGreaterThan(0);
		for (const script of scripts) {
			const checked = spawnSync("sh", ["-n"], { input: script });
			expect([script, checked.status]).toEqual([script, 0]);
		}
	});

	test("the command line knows every command and option it calls", async () => {
		const unknown = await Promise.all(callsOf(scripts).map(unknownIn));
		expect(unknown.flat()).toEqual([]);
	});

	test("every file of the repository that it runs exists", () => {
		const named = scripts.flatMap((script) =>
			[...script.matchAll(/(?:^|[ ;(])((?:\.ci|bin)\/[a-zA-Z-]+)/gm)].map(
				([, path]) => path ?? "",
			),
		);
		expect(named.filter((path) => !existsSync(join(checkout, path)))).toEqual(
			[],
		);
	});

	test("actions are pinned by commit, and no download is run unchecked", () => {
		const used = [...textOf(file).matchAll(/uses:\s*(\S+)(.*)/g)];
		for (const [, action, note] of used) {
			expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/);
			expect(note).toMatch(/^ # v\d+\.\d+\.\d+$/);
		}
		for (const script of scripts) {
			expect(script).not.toMatch(/(?:curl|wget)\b[^\n]*\|\s*(?:ba|da)?sh\b/);
		}
	});

	test("no text of a pull request becomes shell text", () => {
		for (const script of scripts) expect(script).not.toContain("${{");
	});
});

describe("drift.yml", () => {
	const workflow = parse(textOf(".github/workflows/drift.yml"));

	test("runs by schedule, one at a time, and may write issues only", () => {
		expect(workflow.on.schedule).toHaveLength(1);
		expect(workflow.concurrency.group).toBe("drift");
		expect(workflow.permissions).toEqual({ contents: "read", issues: "write" });
	});

	test("no name of a stack is in the name of an artifact", () => {
		const names = workflow.jobs.drift.steps.flatMap(
			(step: { with?: { name?: string } }) => step.with?.name ?? [],
		);
		expect(names).toEqual([expect.stringContaining("strategy.job-index")]);
	});

	test("secrets reach only the steps that need them", () => {
		const { env, steps } = workflow.jobs.drift;
		expect(JSON.stringify(env)).not.toContain("secrets.");
		const named = steps.filter((step: unknown) =>
			JSON.stringify(step).includes("secrets."),
		);
		expect(named.map(({ name }: { name: string }) => name)).toEqual([
			"Load the SSH key, where there is one",
			"Ask every host",
		]);
	});
});

// The linter of GitHub's workflows is a Go module, at home where Pulumi is
// built from source. It is fetched once, and not at all where Go is missing.
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.8";

const go = spawnSync("go", ["version"]).status === 0;

(go ? test : test.skip)(
	"actionlint finds nothing wrong with the workflows",
	() => {
		const paths = files.flatMap(([file, key]) => (key === "run" ? [file] : []));
		const said = execFileSync(
			"go",
			["run", actionlint, "-no-color", ...paths],
			{
				cwd: checkout,
				encoding: "utf8",
			},
		);
		expect(said).toBe("");
	},
	300_000,
);
