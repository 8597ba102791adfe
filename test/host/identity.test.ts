/**
 * By what a host program is known, and what it makes of settings and baselines
 * of a version that has other tunables.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { fullSettings, neededFiles } from "../../bench/fullProfile";
import {
	hostProgram,
	programCall,
	programIdentity,
	programPath,
} from "../../host/assemble";
import { withoutComments } from "../../host/awkPrograms";
import { encodeSettings, exitCodes, parseReport } from "../../host/protocol";
import { callKnown } from "../../host/shell";
import { lightPath } from "../../lab/light/tree";
import type { Setting } from "../../model/settings";
import { version } from "../../model/version";
import type { FakeHost } from "../support/hostRun";
import { installedHost } from "../support/newHost";
import { sealed, unsealed } from "../support/record";
import { diffTrees } from "../support/tree";

const path = programPath.slice(1);

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
	expect(versionOf(installedHost())).toEqual({
		version,
		protocol: "2",
		program: hostProgram().hash,
	});
});

/** The program as another version has it. */
function ofVersion(text: string, other: string): string {
	return text.replace(/^METALTUNE_VERSION=.*$/m, `METALTUNE_VERSION=${other}`);
}

test("of another version, with the same code, it is the same program", () => {
	const text = ofVersion(hostProgram().text, "9.9.9");
	expect(text).not.toBe(hostProgram().text);
	expect(programIdentity(text)).toBe(hostProgram().hash);
	const host = installedHost();
	host.write(path, text);
	expect(versionOf(host)).toMatchObject({
		version: "9.9.9",
		program: hostProgram().hash,
	});
	const report = parseReport(host.run("probe").stdout, []);
	expect(report).toMatchObject({
		version: "9.9.9",
		program: hostProgram().hash,
	});
});

test("comments and blank lines of its files are not in it", () => {
	const { text, source } = hostProgram();
	expect(text.length).toBeLessThan(source.length * 0.95);
	const lines = text.trimEnd().split("\n").slice(1);
	expect(lines.filter((line) => /^[ \t]*(#|$)/.test(line))).toEqual([]);
	const more = source.replaceAll(/^(\w+\(\) \{)$/gm, "# why\n\n$1\n\t# how\n");
	expect(more).not.toBe(source);
	expect(withoutComments(more)).toBe(withoutComments(source));
});

describe("a program that was changed on the host is not run", () => {
	const { text, hash } = hostProgram();
	const afterAwk = text.replace(/(='\n)(\$0 == "")/, "$1INSERTED\n$2");
	test.each([
		[
			"the interpreter",
			(code: string) => text.replace("#!/bin/sh", `#!${code}`),
		],
		["the version", (code: string) => ofVersion(text, `1$(${code})`)],
		[
			"a comment in a quoted text",
			(code: string) => afterAwk.replace("INSERTED", `# '; ${code}; : '`),
		],
		[
			"a comment between functions",
			(code: string) => text.replace("\nlock() {", `\n# ${code}\nlock() {`),
		],
		[
			"a second version",
			() => text.replace("\nlock() {", "\nMETALTUNE_VERSION=1\nlock() {"),
		],
	])("%s", (_what, changed) => {
		const host = installedHost();
		const trace = `${host.root}/was-run`;
		host.write("tmp/evil", `#!/bin/sh\n: >'${trace}'\n`);
		chmodSync(`${host.root}/tmp/evil`, 0o755);
		const program = changed(`${host.root}/tmp/evil`);
		expect(program).not.toBe(text);
		host.write(path, program);
		chmodSync(`${host.root}/${path}`, 0o755);
		const { status } = spawnSync("sh", ["-c", callKnown("probe", false)], {
			env: { ROOT: host.root, PATH: lightPath },
			input: `${hash}\n`,
		});
		expect(status).toBe(exitCodes.otherProgram);
		expect(existsSync(trace)).toBe(false);
	});
});

describe("a line that the assembler leaves out does nothing", () => {
	// bash prints functions and variables without comments, but with every text
	// in them. Comments of awk programs are indented there as the programs are.
	test("no token is part of a text for a file of the host", () => {
		const { source } = hostProgram();
		const functions = source.slice(0, -programCall.length);
		const { stdout } = spawnSync("bash", ["--norc"], {
			input: `${functions}\nset\n`,
			encoding: "utf8",
		});
		expect(stdout).toContain("UNIT_TEXT=");
		const lines = stdout.replaceAll("\\n", "\n").split("\n");
		expect(lines.filter((line) => line.startsWith("#"))).toEqual([]);
	});

	test("an apply without any leaves the same tree", () => {
		const [whole, without] = [hostProgram().source, hostProgram().text].map(
			(program) => {
				const host = installedHost();
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
	const host = installedHost();
	expect(host.run("apply", { settings: [known] }).status).toBe(0);
	const [state, etc] = ["var/lib/metaltune", "etc/metaltune"];
	const before = unsealed(host.read(`${state}/baseline.tsv`));
	for (const directory of [state, etc]) {
		host.write(
			`${directory}/baseline.tsv`,
			sealed(`${before}flux\tcapacitor\tlive\tvalue\t1.21\n`),
		);
		host.write(
			`${directory}/settings.tsv`,
			sealed(encodeSettings([known, unknown])),
		);
	}
	return host;
}

describe("a tunable of another version", () => {
	test("is unreadable by name, and the others are read", () => {
		const { facts } = parseReport(
			installedHost().run("probe", { settings: [known, unknown] }).stdout,
			[known, unknown],
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
		const { status, stderr } = installedHost().run("apply", {
			settings: [unknown],
		});
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
