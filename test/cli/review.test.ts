/** `metaltune review` as a pull request's job calls it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeInventory } from "../policies/hosts";
import { metaltune } from "./cli";

jest.setTimeout(120_000);

let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "review-"));
	writeInventory(join(directory, "hosts"), {
		tuning: { kernelCommandLine: { nosmt: true } },
	});
});
afterAll(() => rmSync(directory, { recursive: true }));

function review(...words: readonly string[]) {
	return metaltune(["review", ...words], { cwd: directory, env: process.env });
}

test("a preview that printed nothing still has its stack's comment", async () => {
	writeFileSync(join(directory, "preview.json"), "");
	const { code, stdout } = await review("--stack", "org/prod", "preview.json");
	expect(code).toBe(0);
	expect(stdout).toMatch(/^<!-- metaltune review org_prod -->\n/);
	expect(stdout).toContain("No preview");
	expect(stdout).toContain("`nosmtParameter`");
});

test("a configuration decides, and a wrong one is 1", async () => {
	const config = join(directory, "c.json");
	writeFileSync(config, '{"nosmtParameter": "disabled"}');
	const judged = await review("--config", config);
	expect(judged.code).toBe(0);
	expect(judged.stdout).not.toContain("nosmtParameter");
	writeFileSync(config, '{"nosmtParameters": "disabled"}');
	const wrong = await review("--config", config);
	expect(wrong.code).toBe(1);
	expect(wrong.stderr).toContain(
		"c.json: nosmtParameters: there is no such rule, did you mean nosmtParameter?",
	);
});
