/**
 * By what a host program is known, and what it makes of settings and baselines
 * of a version that has other tunables.
 */
import { spawnSync } from "node:child_process";
import { fullSettings, neededFiles } from "../../bench/fullProfile";
import { parseReport } from "../../inventory/report";
import { encodeSettings, type Setting } from "../../inventory/settings";
import { version } from "../../inventory/version";
import {
	hostProgram,
	programCall,
	programIdentity,
	programPath,
} from "../../tunables/hostProgram";
import { type FakeHost, fakeHost } from "../support/hostRun";
import { diffTrees } from "../support/tree";

const hosts: FakeHost[] = [];

function newHost(): FakeHost {
	const host = fakeHost();
	hosts.push(host);
	host.install();
	return host;
}

afterEach(() => {
	for (const host of hosts.splice(0)) host.dispose();
});

const path = programPath.slice(1);

/** The program without anything that its identity leaves out. */
function bare(text: string): string {
	const lines = text.split("\n").slice(1);
	return `#!/bin/sh\nMETALTUNE_VERSION=9.9.9\n${lines
		.filter((line) => !/^[ \t]*(#|$)|^METALTUNE_VERSION=/.test(line))
		.join("\n")}\n`;
}

function versionOf(host: FakeHost): { readonly [name: string]: string } {
	const { stdout, status } = host.run("version");
	expect(status).toBe(0);
	return Object.fromEntries(
		stdout
			.trimEnd()
			.split("\n")
			.map((line) => line.split("\t")),
	);
}

test("`version` says version, protocol and identity", () => {
	expect(versionOf(newHost())).toEqual({
		version,
		protocol: "1",
		program: hostProgram().hash,
	});
});

test("without comments, of another version, it is the same program", () => {
	const text = bare(hostProgram().text);
	expect(text.length).toBeLessThan(hostProgram().text.length * 0.95);
	expect(programIdentity(text)).toBe(hostProgram().hash);
	const host = newHost();
	host.write(path, text);
	expect(versionOf(host)).toMatchObject({
		version: "9.9.9",
		program: hostProgram().hash,
	});
	const report = parseReport(host.run("probe").stdout);
	expect(report).toMatchObject({
		version: "9.9.9",
		program: hostProgram().hash,
	});
});

describe("a line that the identity leaves out does nothing", () => {
	// bash prints functions and variables without comments, but with every text
	// in them. Comments of awk programs are indented there as the programs are.
	test("none is part of a text for a file of the host", () => {
		const { text } = hostProgram();
		const functions = text.slice(0, -programCall.length);
		const { stdout } = spawnSync("bash", ["--norc"], {
			input: `${functions}\nset\n`,
			encoding: "utf8",
		});
		expect(stdout).toContain("UNIT_TEXT=");
		const lines = stdout.replaceAll("\\n", "\n").split("\n");
		expect(lines.filter((line) => line.startsWith("#"))).toEqual([]);
	});

	test("an apply without any leaves the same tree", () => {
		const [whole, without] = [hostProgram().text, bare(hostProgram().text)].map(
			(program) => {
				const host = newHost();
				for (const [file, text] of Object.entries(neededFiles)) {
					host.write(file, text);
				}
				host.write(path, program);
				const run = host.run("apply", { settings: fullSettings() });
				host.install();
				return { run, tree: host.snapshot() };
			},
		);
		if (whole === undefined || without === undefined) throw new Error("no run");
		expect(whole.run).toMatchObject({ status: 0, stderr: "" });
		expect(without.run).toEqual(whole.run);
		expect(diffTrees(whole.tree, without.tree)).toEqual([]);
	}, 60_000);
});

const known: Setting = {
	tunable: "sysctl",
	key: "vm.swappiness",
	match: "exact",
	value: "7",
	effect: "live",
};
const unknown: Setting = { ...known, tunable: "flux", key: "capacitor" };

/** A host on which a version with a tunable `flux` has set a key. */
function hostOfAnotherVersion(): FakeHost {
	const host = newHost();
	expect(host.run("apply", { settings: [known] }).status).toBe(0);
	const baseline = "var/lib/metaltune/baseline.tsv";
	host.write(
		baseline,
		`${host.read(baseline)}flux\tcapacitor\tlive\tvalue\t1.21\n`,
	);
	host.write("etc/metaltune/settings.tsv", encodeSettings([known, unknown]));
	return host;
}

describe("a tunable of another version", () => {
	test("is unreadable by name, and the others are read", () => {
		const { facts } = parseReport(
			newHost().run("probe", { settings: [known, unknown] }).stdout,
		);
		expect(facts).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ tunable: "sysctl", layer: "live" }),
				expect.objectContaining({
					tunable: "flux",
					key: "capacitor",
					status: "unreadable",
					text: `metaltune ${version} does not know the tunable flux`,
				}),
			]),
		);
	});

	test("is in `check`, which cannot tell", () => {
		const { status, stdout } = hostOfAnotherVersion().run("check");
		expect(status).toBe(1);
		expect(stdout).toMatch(/flux.*does not know the tunable flux/);
	});

	test("is named and left alone by an apply, whose own keys are applied", () => {
		const host = hostOfAnotherVersion();
		const settings = [{ ...known, value: "8" }];
		const { status, stderr } = host.run("apply", { settings });
		expect(status).toBe(0);
		expect(stderr).toContain(
			`metaltune: left as they are, because metaltune ${version} does not know them: flux.capacitor;`,
		);
		expect(host.read("proc/sys/vm/swappiness")).toBe("8\n");
		expect(host.read("var/lib/metaltune/baseline.tsv")).toContain(
			"flux\tcapacitor\tlive\tvalue\t1.21\n",
		);
	});

	test("is refused by an apply that declares it", () => {
		const { status, stderr } = newHost().run("apply", { settings: [unknown] });
		expect(status).toBe(64);
		expect(stderr).toContain("unknown tunable flux");
	});

	test("keeps revert from doing half of it", () => {
		const host = hostOfAnotherVersion();
		const before = host.snapshot();
		const { status, stderr } = host.run("revert");
		expect(status).toBe(65);
		expect(stderr).toContain(`does not know flux.capacitor; revert with`);
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	});
});
