/** `metaltune lint` as it is called: what it prints, and how it exits. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sections, writeInventory } from "../policies/policyHosts";
import { metaltune } from "./cli";

jest.setTimeout(120_000);

let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "lint-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function lint(change: Sections, ...flags: readonly string[]) {
	writeInventory(join(directory, "hosts"), change);
	return metaltune(["lint", ...flags], { cwd: directory, env: process.env });
}

const nosmt = { tuning: { kernelCommandLine: { nosmt: true } } };

test("0 when nothing but advisories is found", async () => {
	expect(await lint({})).toMatchObject({ code: 0 });
	const told = await lint({ topology: null });
	expect(told).toMatchObject({ code: 0 });
	expect(told.stdout).toContain("advisory topologyDeclared");
});

test("2 with findings, in the format that is asked for", async () => {
	const refused = await lint(nosmt, "--json");
	expect(refused.code).toBe(2);
	expect(JSON.parse(refused.stdout).findings).toEqual([
		expect.objectContaining({ rule: "nosmtParameter", hosts: ["a", "b"] }),
	]);
	const marked = await lint(nosmt, "--format", "github");
	expect(marked.code).toBe(2);
	expect(marked.stdout).toMatch(/^::error file=hosts\/g\.yaml,line=1,col=/);
});

test("a configuration decides, and a wrong one is 1", async () => {
	const config = join(directory, "c.json");
	writeFileSync(config, '{"nosmtParameter": "disabled"}');
	expect(await lint(nosmt, "--config", config)).toMatchObject({ code: 0 });
	writeFileSync(config, '{"nosmtParameters": "disabled"}');
	const wrong = await lint(nosmt, "--config", config);
	expect(wrong.code).toBe(1);
	expect(wrong.stderr).toContain(
		"c.json: nosmtParameters: there is no such rule, did you mean nosmtParameter?",
	);
});

test.each([
	['{"all": "strict"', /: expected levels and options of rules as JSON, got /],
	["[]", /: expected a map from rules to their configuration, got \[\]/],
	[
		'{"smt": "advisory", "bootCpu": "maybe"}',
		/c\.json: smt: there is no such rule.*\n.*c\.json: bootCpu: expected mandatory, /,
	],
	[undefined, /: expected levels and options of rules, got ENOENT$/m],
])("a configuration of %j is refused by its name", async (text, why) => {
	const config = join(directory, "c.json");
	rmSync(config, { force: true });
	if (text !== undefined) writeFileSync(config, text);
	const wrong = await lint({}, "--config", config);
	expect(wrong).toMatchObject({ code: 1, stdout: "" });
	expect(wrong.stderr).toMatch(why);
	expect(wrong.stderr).toContain("c.json: ");
});

test("1 when the inventory cannot be read, with its problems", async () => {
	const unread = await lint({ tuning: { smtt: "off" } });
	expect(unread.code).toBe(1);
	expect(unread.stderr).toMatch(/^hosts\/g\.yaml:1:\d+: tuning\.smtt: /);
	expect(unread.stdout).toBe("");
});
