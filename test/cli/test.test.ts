/**
 * bin/test in a checkout of its own whose steps are stubs: what it counts, and
 * when continuous integration may do without the virtual machine.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
	chmodSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

let checkout: string;

function stub(name: string, script: string): void {
	const path = join(checkout, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, `#!/bin/sh\n${script}\n`);
	chmodSync(path, 0o755);
}

beforeEach(() => {
	checkout = mkdtempSync(join(tmpdir(), "metaltune test's "));
	mkdirSync(join(checkout, "bin"));
	cpSync(join(__dirname, "../../bin/test"), join(checkout, "bin/test"));
	for (const step of [
		"bin/setup",
		"test/fresh/quickstart",
		"test/e2e/buildImages",
	]) {
		stub(step, ":");
	}
	user(0);
	// One test per suite; without a report it is lint, types or shellcheck.
	stub(
		"tools/npm",
		`case $* in *--outputFile*) ;; *) exit ;; esac
while [ "$1" != --outputFile ]; do shift; done
printf '{"testResults": [], "numPassedTests": 1, "numFailedTests": 0}' >"$2"`,
	);
	stub("tools/node", `exec '${process.execPath}' "$@"`);
});
afterEach(() => rmSync(checkout, { recursive: true }));

function user(id: number): void {
	stub("tools/id", `echo ${id}`);
}

/** What the installation of the virtual machine ends with. */
function install(code: number): void {
	stub("lab/metal/install", `echo 'no QEMU' >&2; exit ${code}`);
}

function run(environment: NodeJS.ProcessEnv) {
	const { status, stdout } = spawnSync(join(checkout, "bin/test"), [], {
		env: { PATH: `${join(checkout, "tools")}:/usr/bin:/bin`, ...environment },
		encoding: "utf8",
	});
	const lines = stdout.trimEnd().split("\n");
	const skipped = lines.slice(lines.indexOf("skipped:") + 1)[0];
	return {
		status,
		counts: lines.at(-1),
		...(lines.includes("skipped:") ? { skipped } : {}),
		...(lines.find((line) => line.startsWith("failed: ")) && {
			failed: lines.find((line) => line.startsWith("failed: ")),
		}),
	};
}

const without = { status: 0, counts: "10 passed, 0 failed" };
const skipped = { ...without, skipped: "test-vm: no QEMU" };
const excused = {
	...without,
	skipped: "test-vm: METALTUNE_WITHOUT_METAL is set",
};
const failed = {
	status: 1,
	counts: "10 passed, 1 failed",
	failed: "failed: test-vm",
};

test.each<[string, number, NodeJS.ProcessEnv, object]>([
	[
		"is installed: proved",
		0,
		{ CI: "true" },
		{ status: 0, counts: "13 passed, 0 failed" },
	],
	["cannot be installed by a person: named", 1, {}, skipped],
	["could be installed by CI: a failure", 1, { CI: "true" }, failed],
	["cannot be installed by CI: named", 69, { CI: "true" }, skipped],
	[
		"could be installed by CI, which does without",
		1,
		{ CI: "true", METALTUNE_WITHOUT_METAL: "yes" },
		excused,
	],
	[
		"is installed, where the machine does without it",
		0,
		{ METALTUNE_WITHOUT_METAL: "yes" },
		excused,
	],
])("a virtual machine that %s", (_name, code, environment, expected) => {
	install(code);
	expect(run(environment)).toEqual(expected);
});

test("without root, the virtual machine is skipped by name, in CI too", () => {
	user(1000);
	install(1);
	expect(run({ CI: "true" })).toEqual({
		...without,
		skipped: "test-vm: expected to be root, as its disk is made in a chroot",
	});
});

test("a step that fails is named, and the others run", () => {
	stub("test/fresh/quickstart", "exit 3");
	install(0);
	expect(run({})).toEqual({
		status: 1,
		counts: "12 passed, 1 failed",
		failed: "failed: quickstart",
	});
});

/** The real installation, on a machine that has neither QEMU nor a network. */
function installation(apt: string) {
	cpSync(join(__dirname, "../../lab/metal"), join(checkout, "lab/metal"), {
		recursive: true,
	});
	const tools = join(checkout, "tools");
	for (const program of ["sh", "dirname", "grep", "sed"]) {
		const found = execFileSync("sh", ["-c", `command -v ${program}`]);
		stub(`tools/${program}`, `exec ${String(found).trim()} "$@"`);
	}
	if (apt !== "") stub("tools/apt-get", apt);
	const { status, stderr } = spawnSync(
		"/bin/sh",
		[join(checkout, "lab/metal/install")],
		{ env: { PATH: tools }, encoding: "utf8" },
	);
	return { status, said: stderr.trimEnd().split("\n").at(-1) };
}

test.each([
	["no apt-get", "", 69, /found no apt-get/],
	["sources that do not answer", "exit 100", 69, /do not answer$/],
	[
		"sources without the packages",
		'case "$*" in *update*) exit 0 ;; esac; exit 100',
		1,
		/expected apt-get to install QEMU/,
	],
])("the installation tells what it lacks: %s", (_name, apt, code, sentence) => {
	const { status, said } = installation(apt);
	expect(said).toMatch(sentence);
	expect(status).toBe(code);
});
