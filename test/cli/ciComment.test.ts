/** `metaltune ci comment` as a pull request's job calls it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeInventory } from "../policies/policyHosts";
import { metaltune } from "./cli";

jest.setTimeout(120_000);

let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "ci-comment-"));
	writeInventory(join(directory, "hosts"), {
		tuning: { kernelCommandLine: { nosmt: true } },
	});
});
afterAll(() => rmSync(directory, { recursive: true }));

function comment(...words: readonly string[]) {
	const { GITHUB_TOKEN: _, GITLAB_TOKEN: __, ...env } = process.env;
	return metaltune(["ci", "comment", ...words], { cwd: directory, env });
}

test("a preview that printed nothing still has its stack's comment", async () => {
	writeFileSync(join(directory, "preview.json"), "");
	const { code, stdout } = await comment("--stack", "org/prod", "preview.json");
	expect(code).toBe(0);
	expect(stdout).toMatch(/^<!-- metaltune ci comment org_prod -->\n/);
	expect(stdout).toContain("No preview");
	expect(stdout).toContain("`nosmtParameter`");
});

test("a configuration decides, and a wrong one is 1", async () => {
	const config = join(directory, "c.json");
	writeFileSync(config, '{"nosmtParameter": "disabled"}');
	const judged = await comment("--config", config);
	expect(judged.code).toBe(0);
	expect(judged.stdout).not.toContain("nosmtParameter");
	writeFileSync(config, '{"nosmtParameters": "disabled"}');
	const wrong = await comment("--config", config);
	expect(wrong.code).toBe(1);
	expect(wrong.stderr).toContain(
		"c.json: nosmtParameters: there is no such rule, did you mean nosmtParameter?",
	);
});

test("a preview that is none is 1, and so is a file that is not there", async () => {
	writeFileSync(join(directory, "text.json"), "error: no stack\n");
	for (const [path, why] of [
		["text.json", "as JSON, got something else"],
		["none.json", "got ENOENT"],
	] as const) {
		const wrong = await comment(path);
		expect(wrong).toMatchObject({ code: 1, stdout: "" });
		expect(wrong.stderr).toContain(
			`${path}: expected the output of \`pulumi preview --json\``,
		);
		expect(wrong.stderr).toContain(why);
	}
});

test("--post outside of a pull request says what it needs, and prints nothing", async () => {
	const wrong = await comment("--post", "--stack", "prod");
	expect(wrong).toMatchObject({ code: 1, stdout: "" });
	expect(wrong.stderr).toContain("PULL_REQUEST");
});
