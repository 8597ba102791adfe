/**
 * Contents that are secrets of the stack: they reach the host, and nothing that
 * is kept or said beside it holds them; hash and size are known.
 */
import {
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { diffTrees, type TreeSnapshot } from "../support/tree";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(300_000);

const first = "hunter2-first\n";
const second = "hunter2-second\n";
const byHand = "hunter2-by-hand\n";
const path = "/etc/fx/password";
const declared = {
	tuning: { files: { [path]: { contentSecret: "fxPassword" } } },
};

let lab: EngineLab;
let before: TreeSnapshot;
let said = "";

async function pulumi(...args: readonly string[]) {
	const ended = await lab.pulumi(...args);
	said += ended.text;
	return ended;
}

const up = (...flags: readonly string[]) =>
	pulumi("up", "--yes", "--skip-preview", ...flags);

async function drift(...args: readonly string[]) {
	const ended = await lab.metaltune("drift", ...args);
	said += ended.text;
	return ended;
}

const setSecret = (name: string, text: string) =>
	done(lab.pulumi("config", "set", "--secret", name, "--", text));

function file(): string {
	return join(lab.host("light-1").root, path);
}

beforeAll(async () => {
	lab = await startEngineLab({ count: 1 });
	before = lab.host("light-1").tree();
	lab.declare(declared);
});
afterAll(() => lab?.remove());

test("missing and plain secrets are reported together, before any host is touched", async () => {
	await done(lab.pulumi("config", "set", "fxClear", "text"));
	lab.declare({
		tuning: {
			files: {
				[path]: { contentSecret: "fxPassword" },
				"/etc/fx/clear": { contentSecret: "fxClear" },
			},
		},
	});
	const refused = await up();
	expect(refused).toMatchObject({ logins: { "light-1": 0 } });
	expect(refused.code).not.toBe(0);
	for (const sentence of [
		`tuning.files.${path}.contentSecret: expected a secret of the stack's config, got none of the name fxPassword; run \`pulumi config set --secret fxPassword\``,
		"tuning.files./etc/fx/clear.contentSecret: expected a secret of the stack's config, but fxClear is kept in clear; run `pulumi config set --secret fxClear`",
	]) {
		expect(refused.text).toContain(sentence);
	}
	lab.declare(declared);
});

test("the secret reaches the host, for root alone, and stays", async () => {
	await setSecret("fxPassword", first);
	expect(await pulumi("preview", "--diff")).toMatchObject({ code: 0 });
	expect(await up("--debug")).toMatchObject({ code: 0 });
	expect(readFileSync(file(), "utf8")).toBe(first);
	expect(statSync(file()).mode & 0o777).toBe(0o600);
	const again = await up("--expect-no-changes", "--refresh");
	expect(again).toMatchObject({ code: 0 });
});

test("the stack judges the content, the inventory says why it cannot", async () => {
	const clean = await drift("--stack", "dev", "--format", "json");
	expect(clean).toMatchObject({ code: 0 });
	writeFileSync(file(), byHand);
	const found = await drift("--stack", "dev", "--format", "json");
	expect(found).toMatchObject({ code: 2 });
	expect(found.text).toContain(`"${path}"`);
	const unjudged = await drift();
	expect(unjudged).toMatchObject({ code: 1 });
	expect(unjudged.text.replaceAll(/\s+/g, " ")).toContain(
		`the content of files.${path} is the secret fxPassword of a stack's config`,
	);
	expect(await up("--refresh")).toMatchObject({ code: 0 });
	expect(readFileSync(file(), "utf8")).toBe(first);
});

test("another secret is one apply, and none after it", async () => {
	await setSecret("fxPassword", second);
	expect(await pulumi("preview", "--diff")).toMatchObject({ code: 0 });
	expect(await up()).toMatchObject({ code: 0 });
	expect(readFileSync(file(), "utf8")).toBe(second);
	expect(await up("--expect-no-changes", "--refresh")).toMatchObject({
		code: 0,
	});
});

test("destroy reverts the file", async () => {
	const state = join(lab.directory, "state");
	mkdirSync(state, { recursive: true });
	const destroyed = await lab.destroy();
	said += destroyed.text;
	expect(destroyed).toMatchObject({ code: 0 });
	expect(diffTrees(before, lab.host("light-1").tree())).toEqual([]);
});

test("no output, checkpoint or backup of one has a secret", () => {
	const state = join(lab.directory, "state");
	const files = readdirSync(state, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
	const all = files.join() + said;
	expect(all).toContain("sha256:");
	for (const text of [first, second, byHand]) {
		const base64 = Buffer.from(text).toString("base64");
		for (const part of [text.trim(), base64]) {
			expect(all.includes(part)).toBe(false);
		}
	}
});
