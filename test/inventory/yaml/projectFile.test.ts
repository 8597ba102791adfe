/** Which files an inventory may have read, and that reading it ends. */
import { execFileSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { sections } from "../../../applications/sections";
import { loadInventory } from "../../../inventory/load";
import { InventoryError } from "../../../model/problem";
import { ed25519 } from "../inventoryDirectory";

const machines = `connection: {user: root}
machines: {one: {address: 192.0.2.1, hostKey: ${ed25519()}}}
`;

let outside: string;
let project: string;

beforeEach(() => {
	outside = mkdtempSync(join(tmpdir(), "metaltune-project-"));
	project = join(outside, "project");
	put("../secret.yaml", "tuning: {sysctl: {vm.swappiness: 0}}\n");
	put("../artifacts/fx", "fx\n");
	put("Pulumi.yaml", "name: x\n");
});
afterEach(() => rmSync(outside, { recursive: true }));

function put(path: string, text: string): void {
	const file = join(project, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

function problems(group: string): readonly string[] {
	put("hosts/group.yaml", `${group}\n${machines}`);
	try {
		loadInventory(join(project, "hosts"), sections);
		return [];
	} catch (error) {
		if (error instanceof InventoryError) return error.message.split("\n");
		throw error;
	}
}

const fileOf = (source: string) =>
	`tuning: {files: {/etc/fx.conf: {source: ${source}}}}`;
const application = (rest: string) => `applications: {fx: {${rest}}}`;

describe("a file out of the project is not read", () => {
	const leads = /leads out of the project; copy the file into the project/;
	test.each([
		["extends", "extends: ../../secret"],
		["source", fileOf("../../secret.yaml")],
		["binary", application("binary: ../../artifacts/fx")],
		["a directory", application("binary: ../../artifacts/, executable: fx")],
		[
			"an application's source",
			application(
				"path: /bin/fx, files: [{path: x, source: ../../secret.yaml}]",
			),
		],
	])("as %s", (_, group) => {
		expect(problems(group)).toEqual([expect.stringMatching(leads)]);
	});

	test.each([
		["extends", "link.yaml", "secret.yaml", "extends: link"],
		["source", "link", "secret.yaml", fileOf("link")],
		["binary", "link", "artifacts/fx", application("binary: link")],
	])("as %s, by a link", (_, name, target, group) => {
		put("hosts/profiles/x.yaml", "{}\n");
		symlinkSync(join(outside, target), join(project, "hosts", name));
		expect(problems(group)).toContainEqual(expect.stringMatching(leads));
	});

	test("but one beside the inventory in the project is", () => {
		put("artifacts/fx", "fx\n");
		expect(problems(application("binary: ../artifacts/fx"))).toEqual([]);
	});
});

describe("reading ends", () => {
	test.each(["/dev/zero", "/dev/stdin"])(
		"at %s in place of a group",
		(device) => {
			mkdirSync(join(project, "hosts"), { recursive: true });
			symlinkSync(device, join(project, "hosts/zero.yaml"));
			expect(problems("")).toContainEqual(
				expect.stringMatching(/zero\.yaml.*leads out of the project/),
			);
		},
	);

	test("at a pipe in place of a group, a profile, a source and a binary", () => {
		put("hosts/x/y.yaml", "{}\n");
		execFileSync("mkfifo", [join(project, "hosts/pipe.yaml")]);
		execFileSync("mkfifo", [join(project, "hosts/x/pipe.yaml")]);
		const found = [
			...problems("extends: x/pipe"),
			...problems(fileOf("x/pipe.yaml")),
			...problems(application("binary: x/pipe.yaml")),
		];
		expect(
			found.filter((line) => line.includes("a device or a pipe")).length,
		).toBeGreaterThanOrEqual(4);
	});

	test("at a file that is too large, before it is read", () => {
		put("hosts/large.yaml", `# ${"x".repeat(1_000_001)}\n`);
		expect(problems("")).toContainEqual(
			expect.stringMatching(/large\.yaml.*where 1000000 are allowed/),
		);
	});

	test("of thousands of anchors and aliases", () => {
		const names = Array.from({ length: 6_000 }, (_, index) => `a${index}`);
		const anchors = names.map((name) => `&${name} b`).join(", ");
		const aliases = names.map((name) => `*${name}`).join(", ");
		expect(problems(`x: [${anchors}]\ny: [${aliases}]`)).toEqual([
			expect.stringMatching(/x: this key is not known/),
			expect.stringMatching(/y: this key is not known/),
		]);
	});

	test("an anchor that is set again means what stands above the alias", () => {
		const group =
			"tuning: {sysctl: {vm.swappiness: &a 1, kernel.watchdog: &b 0, vm.stat_interval: *a}}";
		expect(problems(group)).toEqual([]);
		expect(problems("tuning: {sysctl: {vm.swappiness: *a}}")).toEqual([
			expect.stringMatching(/expected the name of an anchor above/),
		]);
	});
});
