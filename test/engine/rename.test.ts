/**
 * A machine is its host key: another name for it, or a name for another machine,
 * changes nothing on any of them, and what is given up at last is reverted.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, type TreeSnapshot } from "../support/tree";
import type { EngineHost } from "./hosts";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(240_000);

const tuning = {
	kernelCommandLine: { isolcpus: "2-5" },
	sysctl: { "vm.swappiness": 7 },
};

let lab: EngineLab;
let before: readonly TreeSnapshot[];

/** Declares machines by any names: `name` to the host, and `@` another address. */
function declareAs(machines: { readonly [name: string]: string }): void {
	lab.declare({ tuning });
	const path = join(lab.directory, "hosts/lab.yaml");
	const file = JSON.parse(readFileSync(path, "utf8"));
	const named = Object.entries(machines).map(([name, place]) => {
		const [host = "", address] = place.split("@");
		const { [host]: machine } = file.machines;
		return [name, { ...machine, ...(address && { address }) }] as const;
	});
	const renamed = { ...file, machines: Object.fromEntries(named) };
	writeFileSync(path, JSON.stringify(renamed));
}

interface Seen {
	readonly bootId: string;
	readonly reboots: number;
	readonly tree: TreeSnapshot;
}

function look(host: EngineHost): Seen {
	const { bootId, reboots, tree } = host;
	return { bootId: bootId(), reboots: reboots(), tree: tree() };
}

/** What a host has that it had not then, but for who owns it. */
function changes(was: Seen, host: EngineHost): readonly string[] {
	expect(host.bootId()).toBe(was.bootId);
	expect(host.reboots()).toBe(was.reboots);
	expect(host.read("proc/sys/vm/swappiness")).toBe("7");
	return diffTrees(was.tree, host.tree()).filter(
		(line) => !line.startsWith("var/lib/metaltune/owner.tsv"),
	);
}

const owner = (host: EngineHost) =>
	host.read("var/lib/metaltune/owner.tsv").split("\n")[0]?.split("\t").slice(1);

beforeAll(async () => {
	lab = await startEngineLab({ count: 2 });
	before = lab.hosts.map((host) => host.tree());
	declareAs({ a: "light-1", b: "light-2" });
	await done(lab.up());
});
afterAll(() => lab?.remove());

test("another name costs the machine nothing", async () => {
	const host = lab.host("light-1");
	expect(owner(host)).toEqual(["metaltune/dev", "a"]);
	const was = look(host);
	declareAs({ c: "light-1", b: "light-2" });
	const renamed = await done(lab.up());
	expect(renamed.text).toContain(
		"c: this machine was a of stack metaltune/dev until now",
	);
	expect(renamed.text).toContain("a: this machine is c now");
	expect(renamed.logins["light-2"]).toBe(0);
	expect(changes(was, host)).toEqual([]);
	expect(owner(host)).toEqual(["metaltune/dev", "c"]);
	const again = await done(lab.up("--expect-no-changes"));
	expect(again.logins).toEqual({ "light-1": 0, "light-2": 0 });
	expect((await lab.drift()).code).toBe(0);
});

test("so does a name together with another address", async () => {
	const host = lab.host("light-1");
	const was = look(host);
	declareAs({ d: "light-1@localhost", b: "light-2" });
	await done(lab.up());
	expect(changes(was, host)).toEqual([]);
	declareAs({ c: "light-1", b: "light-2" });
	await done(lab.up());
	expect(changes(was, host)).toEqual([]);
});

test("two machines exchange their names", async () => {
	const was = lab.hosts.map(look);
	declareAs({ b: "light-1", c: "light-2" });
	await done(lab.up());
	for (const [index, host] of lab.hosts.entries()) {
		expect(changes(was[index] as Seen, host)).toEqual([]);
	}
	expect(lab.hosts.map(owner)).toEqual([
		["metaltune/dev", "b"],
		["metaltune/dev", "c"],
	]);
	expect((await lab.up("--expect-no-changes")).code).toBe(0);
	expect((await lab.drift()).code).toBe(0);
});

test("a later run deletes a name whose machine another stack has", async () => {
	const host = lab.host("light-1");
	const was = look(host);
	await done(lab.pulumi("stack", "init", "other"));
	declareAs({ e: "light-1" });
	await done(lab.up("--stack", "other"));
	expect(changes(was, host)).toEqual([]);
	declareAs({ c: "light-2" });
	const left = await done(lab.up("--stack", "dev"));
	expect(left.text).toContain("b: another resource tunes this machine now");
	expect(changes(was, host)).toEqual([]);
	expect(owner(host)).toEqual(["metaltune/other", "e"]);
});

test("two names for one machine: the one that is left keeps it", async () => {
	const host = lab.host("light-2");
	const was = look(host);
	declareAs({ c: "light-2", f: "light-2@localhost" });
	await done(lab.up("--stack", "dev"));
	declareAs({ c: "light-2" });
	await done(lab.up("--stack", "dev"));
	expect(changes(was, host)).toEqual([]);
	expect(owner(host)).toEqual(["metaltune/dev", "c"]);
});

test("a machine that no stack declares any more is reverted", async () => {
	const destroy = ["destroy", "--yes", "--skip-preview", "--stack"];
	await done(lab.pulumi(...destroy, "dev"));
	await done(lab.pulumi(...destroy, "other"));
	for (const [index, host] of lab.hosts.entries()) {
		expect(diffTrees(before[index] as TreeSnapshot, host.tree())).toEqual([]);
	}
});
