/** The shell text that reaches hosts, run by a real sh in a tree of its own. */
import { spawnSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programIdentity } from "../../host/assemble";
import { wordFailure } from "../../host/failure";
import { exitCodes } from "../../host/protocol";
import {
	callKnown,
	callProgram,
	hasApplications,
	installProgram,
	runFromStdin,
} from "../../host/shell";

let root: string;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "metaltune root-"));
	mkdirSync(join(root, "bin"));
	const sudo = join(root, "bin/sudo");
	// What sudo does to the environment, without its rights.
	writeFileSync(sudo, '#!/bin/sh\nshift 2\nunset ROOT\nexec "$@"\n');
	chmodSync(sudo, 0o755);
});

afterEach(() => rmSync(root, { recursive: true }));

function sh(script: string, input = "") {
	const env = { PATH: `${join(root, "bin")}:${process.env.PATH}`, ROOT: root };
	return spawnSync("sh", ["-c", script], { input, env, encoding: "utf8" });
}

const program = '#!/bin/sh\nprintf "%s|" "$ROOT" "$@"\n';

function installed(): string {
	return join(root, "usr/local/sbin/metaltune");
}

function sent(text: string): string {
	return `${programIdentity(program)}\n${text}`;
}

describe.each([false, true])("with become: %p", (become) => {
	test("installs the program whole, executable and callable", () => {
		const result = sh(installProgram(become, true), sent(program));
		expect([result.status, result.stderr]).toEqual([0, ""]);
		expect(readFileSync(installed(), "utf8")).toBe(program);
		expect(statSync(installed()).mode & 0o777).toBe(0o755);
		const called = sh(callProgram("probe --installed", become));
		expect(called.stdout).toBe(`${root}|probe|--installed|`);
	});

	test("never installs what arrived incomplete", () => {
		expect(sh(installProgram(become, true), sent(program)).status).toBe(0);
		const cut = sh(installProgram(become, true), sent(program.slice(0, -3)));
		expect(cut.status).not.toBe(0);
		expect(readFileSync(installed(), "utf8")).toBe(program);
		expect(readdirSync(join(root, "usr/local/sbin"))).toEqual(["metaltune"]);
	});

	test("tells a missing program", () => {
		const called = sh(callProgram("want", become));
		expect(called.status).toBe(127);
		expect(called.stderr).toContain("pulumi up --refresh");
	});

	const reads = '#!/bin/sh\nprintf "%s|" "$1"\ncat\n';
	const hashOf = programIdentity;

	/** A program in the known one's place, and whether it was ever run. */
	function otherProgramInstalled(): () => boolean {
		const trace = join(root, "was run");
		mkdirSync(join(installed(), ".."), { recursive: true });
		writeFileSync(installed(), `#!/bin/sh\n: >'${trace}'\n`, { mode: 0o755 });
		return () => existsSync(trace);
	}

	test("probes with the program it knows, and runs no other", () => {
		const probe = (hash: string) =>
			sh(callKnown("probe", become), `${hash}\nsettings\n`);
		expect(probe(hashOf(reads)).status).toBe(exitCodes.missingProgram);
		sh(installProgram(become, true), `${hashOf(reads)}\n${reads}`);
		expect(probe(hashOf(reads))).toMatchObject({
			status: 0,
			stdout: "probe|settings\n",
		});
		const wasRun = otherProgramInstalled();
		expect(probe(hashOf(reads)).status).toBe(exitCodes.otherProgram);
		expect(wasRun()).toBe(false);
	});

	test("knows a program of another version, and no other", () => {
		const program = (number: string) =>
			`#!/bin/sh\nMETALTUNE_VERSION=${number}\nprintf "%s|" "$1"\n`;
		const [ours, same] = [program("0.1.0"), program("9.9.9")];
		const probe = () =>
			sh(callKnown("probe", become), `${programIdentity(ours)}\n`);
		sh(installProgram(become, true), `${programIdentity(ours)}\n${same}`);
		expect(readFileSync(installed(), "utf8")).toBe(same);
		expect(probe()).toMatchObject({ status: 0, stdout: "probe|" });
		for (const other of [
			program("9.9.9 # why"),
			`${same}# why\n`,
			same.replace("/bin/sh", "/bin/dash"),
			same.replace("\n", "\n\n"),
		]) {
			writeFileSync(installed(), other);
			expect(programIdentity(other)).not.toBe(programIdentity(ours));
			expect(probe().status).toBe(exitCodes.otherProgram);
		}
	});

	test("knows each of several programs", () => {
		const all = [hashOf(program), hashOf(reads)];
		const probe = () => sh(callKnown("probe", become), `${all.join(" ")}\nx\n`);
		for (const each of [program, reads]) {
			sh(installProgram(become, true), `${hashOf(each)}\n${each}`);
			expect(probe()).toMatchObject({ status: 0, stderr: "" });
		}
		const wasRun = otherProgramInstalled();
		expect(probe().status).toBe(exitCodes.otherProgram);
		expect(wasRun()).toBe(false);
	});

	test.each(["var/lib/metaltune", "etc/metaltune"])(
		"leaves what can remove applications where %s has some",
		(directory) => {
			sh(installProgram(become, true), sent(program));
			mkdirSync(join(root, directory), { recursive: true });
			const baseline = join(root, directory, "baseline.tsv");
			writeFileSync(baseline, "applications\tfx.release\tlive\tabsent\t\n");
			const install = () =>
				sh(installProgram(become, false), `${hashOf(reads)}\n${reads}`).status;
			expect(install()).toBe(hasApplications);
			expect(readFileSync(installed(), "utf8")).toBe(program);
			writeFileSync(baseline, "files\t/applications\tlive\tabsent\t\n");
			expect(install()).toBe(0);
			expect(readFileSync(installed(), "utf8")).toBe(reads);
		},
	);

	test("runs a program from standard input without a trace", () => {
		const text = 'printf "%s" "$1"\n';
		const result = sh(
			runFromStdin("probe", become),
			`${hashOf(text)}\n${text}`,
		);
		expect(result).toMatchObject({ status: 0, stdout: "probe" });
		expect(existsSync(installed())).toBe(false);
	});
});

test.each([
	["sudo: a password is required", "NOPASSWD"],
	["sudo: a terminal is required to read the password", "NOPASSWD"],
	["sh: 1: sudo: not found", "no sudo"],
	["cat: write error: No space left on device", "disk is full"],
	["mkdir: Read-only file system", "read-only"],
	["something else", "exit 1: something else"],
])("%p is worded", (stderr, text) => {
	const result = { code: 1, signal: undefined, stdout: "", stderr };
	const said = wordFailure("h1", "probe", result);
	expect(said).toMatch(/^h1: probe: /);
	expect(said).toContain(text);
});

test("a signal is named", () => {
	const result = {
		code: undefined,
		signal: "SIGKILL",
		stdout: "",
		stderr: "",
	};
	expect(wordFailure("h1", "probe", result)).toContain(
		"killed by signal SIGKILL: no output",
	);
});
