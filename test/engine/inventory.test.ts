/** A wrong inventory is one clean message, before any host is asked. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(120_000);

let lab: EngineLab;

beforeAll(async () => {
	lab = await startEngineLab({ count: 1 });
});
afterAll(() => lab?.remove());

test("all problems of all files, each with its place, and no stack", async () => {
	lab.declare({ tuning: { sysctl: { "vm.swappiness": 7 } } });
	const group = (name: string, text: string) =>
		writeFileSync(join(lab.directory, "hosts", name), text);
	const machines = "machines:\n  m1: {address: 192.0.2.1}\n";
	group("a.yaml", `${machines}tuning:\n  sysctll: {}\n  hugePages: {2M: -1}\n`);
	group("b.yaml", machines.replace("m1", "m 2"));
	const refused = await lab.up();
	expect(refused).toMatchObject({ logins: { "light-1": 0 } });
	expect(refused.code).not.toBe(0);
	// The progress display shows the first line as well.
	const [, told = ""] = refused.text.split("Diagnostics:");
	const places = [...told.matchAll(/hosts\/\w+\.yaml:\d+:\d+: .*/g)];
	expect(places.map(([line]) => line)).toEqual([
		expect.stringMatching(/^hosts\/a\.yaml:2:7: machines\.m1\.hostKey: /),
		expect.stringMatching(/^hosts\/a\.yaml:4:3: tuning.*sysctl\b/),
		expect.stringMatching(/^hosts\/a\.yaml:5:19: tuning\.hugePages\.2M: /),
		expect.stringMatching(/^hosts\/b\.yaml:2:3: machines\.m 2: /),
		expect.stringMatching(/^hosts\/b\.yaml:2:8: machines\.m 2\.hostKey: /),
	]);
	expect(refused.text).not.toMatch(/^\s+at |node_modules|\.ts:\d/m);
});
