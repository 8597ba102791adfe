/** What a tunable remembers for itself is noticed when it is damaged. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseReport } from "../../host/protocol";
import { packages } from "../../tunables/packages";
import { xdp } from "../../tunables/xdp";
import { type FakeHost, fakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { disposeAfterTest } from "../support/newHost";
import { sealed, unsealed } from "../support/record";
import { diffTrees, type TreeSnapshot } from "../support/tree";

jest.setTimeout(120_000);

const state = "var/lib/metaltune";
const settings = [
	...settingsFromYaml(packages, "{perf: present}"),
	...settingsFromYaml(
		xdp,
		"eth0: {object: /usr/local/lib/xdp_prog.o, section: xdp, mode: generic}",
	),
];
// Some exist only while a run is under way, or on some machines: these are
// written as the run would.
const notes: { readonly [name: string]: string } = {
	"packages.added": "",
	"xdp.tsv": "",
	"packages.before": "irqbalance present\n",
	"files.changed": "/etc/fx.conf\n",
	offloads: "eth0 tso tx-tcp-segmentation\n",
	"unmovable.tsv": "another-boot 24\n",
};
const names = Object.keys(notes);

let tuned: FakeHost;
let before: TreeSnapshot;

beforeAll(() => {
	tuned = fakeHost();
	tuned.write("usr/local/lib/xdp_prog.o", "an object with the section xdp\n");
	before = tuned.snapshot();
	tuned.install();
	expect(tuned.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
});
afterAll(() => tuned?.dispose());

/** A tuned host that has this note, whole and twice. */
function hostWith(name: string): FakeHost {
	const host = disposeAfterTest(tuned.clone());
	const text = notes[name];
	for (const path of [name, `${name}.copy`]) {
		if (text) host.write(`${state}/${path}`, sealed(text));
	}
	return host;
}

function flip(host: FakeHost, path: string): void {
	const file = join(host.root, state, path);
	const bytes = readFileSync(file);
	bytes[0] = (bytes[0] ?? 0) ^ 1;
	writeFileSync(file, bytes);
}

function damagedOf(host: FakeHost) {
	return parseReport(host.run("probe", { settings }).stdout, settings).damaged;
}

test.each(["packages.added", "xdp.tsv"])("%s is kept twice, closed", (name) => {
	const text = tuned.read(`${state}/${name}`);
	expect(tuned.read(`${state}/${name}.copy`)).toBe(text);
	expect(sealed(unsealed(text))).toBe(text);
	expect(damagedOf(tuned)).toEqual([]);
});

describe.each(names)("%s", (name) => {
	test.each([name, `${name}.copy`])("%s is reported and put back", (path) => {
		const host = hostWith(name);
		flip(host, path);
		expect(damagedOf(host)).toEqual([`/${state}/${path}`]);
		expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
		expect(damagedOf(host)).toEqual([]);
		flipAndRevert(name, path);
	});

	function flipAndRevert(note: string, path: string) {
		const host = hostWith(note);
		// What was installed before is all that is installed: nothing is new.
		if (note === "packages.before") return;
		flip(host, path);
		expect(host.run("revert").status).toBe(0);
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	}

	test("damaged twice: nothing is changed until adopt", () => {
		const host = hostWith(name);
		for (const path of [name, `${name}.copy`]) flip(host, path);
		const broken = host.snapshot();
		for (const verb of ["probe", "check", "apply", "revert"]) {
			const run = host.run(verb, { settings });
			expect(run.status).toBe(65);
			expect(run.stderr).toContain(`/${state}/${name} ;`);
			expect(run.stderr).toContain("metaltune adopt");
			expect(diffTrees(broken, host.snapshot())).toEqual([]);
		}
		expect(host.run("adopt").status).toBe(0);
		expect(damagedOf(host)).toEqual([]);
	});
});

test("a note of an earlier version, without a checksum, is read as it is", () => {
	const host = hostWith("packages.added");
	for (const name of ["packages.added", "xdp.tsv"]) {
		const path = `${state}/${name}`;
		host.write(path, unsealed(host.read(path)));
		host.remove(`${path}.copy`);
	}
	expect(damagedOf(host)).toEqual([]);
	expect(host.run("revert").status).toBe(0);
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("packages that were there before are never taken for metaltune's", () => {
	const host = hostWith("packages.before");
	for (const path of ["packages.before", "packages.before.copy"]) {
		flip(host, path);
	}
	expect(host.run("adopt").status).toBe(0);
	expect(host.run("revert").status).toBe(0);
	expect(host.read("var/lib/dpkg/packages.lab")).toContain("irqbalance ii");
});
