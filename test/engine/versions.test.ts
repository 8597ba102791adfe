/** A stack and its hosts, as another version of metaltune finds them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(120_000);

let lab: EngineLab;

beforeAll(async () => {
	lab = await startEngineLab({ count: 1 });
	lab.declare({ tuning: { sysctl: { "vm.swappiness": 7 } } });
	await done(lab.up());
});
afterAll(() => lab?.remove());

/** Changes a file of the project, which is a copy of this checkout. */
function edit(path: string, change: (text: string) => string): void {
	const file = join(lab.directory, path);
	const before = readFileSync(file, "utf8");
	const after = change(before);
	expect(after).not.toBe(before);
	writeFileSync(file, after);
}

test("a version that does the same touches no host, and finds no drift", async () => {
	const trees = lab.hosts.map((host) => host.tree());
	edit("package.json", (text) =>
		text.replace(/"version": ".*"/, '"version": "9.9.9"'),
	);
	edit("tunables/sysctl/host.sh", (text) => `${text}\n# A comment of 9.9.9.\n`);
	await done(
		lab.pulumi("preview", "--refresh", "--diff", "--expect-no-changes"),
	);
	const inventory = await done(lab.metaltune("drift"));
	expect(inventory.text).toContain("1 host: 1 clean");
	expect(inventory.text).toContain("(metaltune 9.9.9)");
	expect(lab.hosts.map((host) => host.tree())).toEqual(trees);
});

test("a program that does something else is installed, and applies nothing", async () => {
	edit(
		"tunables/sysctl/host.sh",
		(text) => `${text}\nsysctl_unused() { :; }\n`,
	);
	const inventory = await done(lab.metaltune("drift"));
	expect(inventory.text).toContain(
		"light-1: has the host program of another version",
	);
	const { text } = await done(lab.up());
	expect(text).toMatch(/HostState light-1 updated/);
	expect(text).not.toMatch(/light-1-apply updat/);
	expect(lab.hosts[0]?.read("usr/local/sbin/metaltune")).toContain(
		"sysctl_unused() { :; }",
	);
	await done(
		lab.pulumi("preview", "--refresh", "--diff", "--expect-no-changes"),
	);
});

test("a state of another form is named, with a way on that works", async () => {
	await done(lab.pulumi("stack", "export", "--file", "state.json"));
	edit("state.json", (text) => text.replaceAll(/"declared": \{\},\s*/g, ""));
	await done(lab.pulumi("stack", "import", "--file", "state.json"));
	const refreshed = await lab.pulumi("refresh", "--yes");
	expect(refreshed.code).not.toBe(0);
	const [, command = ""] =
		/which has no declared; run `pulumi (state delete .*)', then/.exec(
			refreshed.text.replaceAll("'`", "'"),
		) ?? [];
	const [, urn = ""] = /'(urn:[^']*)/.exec(command) ?? [];
	await done(
		lab.pulumi("state", "delete", "--target-dependents", "--yes", urn),
	);
	const tree = lab.hosts[0]?.read("proc/sys/vm/swappiness");
	await done(lab.up());
	expect(lab.hosts[0]?.read("proc/sys/vm/swappiness")).toBe(tree);
});

test("a setting of a tunable that this version lacks is named, and left", async () => {
	const exported = await done(
		lab.pulumi("stack", "export", "--file", "state.json"),
	);
	expect(exported.code).toBe(0);
	edit("state.json", (text) =>
		text.replaceAll(
			'"sysctl.vm.swappiness": "7"',
			'"flux.capacitor": "1.21", "sysctl.vm.swappiness": "7"',
		),
	);
	await done(lab.pulumi("stack", "import", "--file", "state.json"));
	const refreshed = await done(lab.pulumi("refresh", "--yes"));
	expect(refreshed.text).toContain(
		"metaltune 9.9.9 does not know flux.capacitor and leaves them as they are",
	);
	await done(lab.pulumi("stack", "export", "--file", "state.json"));
	expect(readFileSync(join(lab.directory, "state.json"), "utf8")).toContain(
		'"flux.capacitor": "1.21"',
	);
	const drift = await lab.metaltune("drift", "--stack", "dev");
	expect(drift.code).toBe(1);
	expect(drift.text).toMatch(/flux\.capacitor.*does not know the tunable flux/);
});
