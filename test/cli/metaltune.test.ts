/** The command line as it is run: output, exit codes, and what it refuses. */
import { spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostProgram } from "../../host/assemble";

const checkout = join(__dirname, "../..");
const metaltune = join(checkout, "bin/metaltune");
let directory: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "metaltune-cli-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function run(command: string, ...args: readonly string[]) {
	const { status, stdout, stderr } = spawnSync(command, args, {
		cwd: directory,
		encoding: "utf8",
		env: {
			...process.env,
			PULUMI_BACKEND_URL: `file://${directory}`,
			PULUMI_CONFIG_PASSPHRASE: "test",
		},
	});
	return { status, stdout, stderr };
}

test("validate shows the hosts of an inventory that is right", () => {
	const done = run(
		metaltune,
		"validate",
		"--inventory",
		join(checkout, "hosts"),
	);
	expect(done.stderr).toBe("");
	expect(done.stdout).toMatch(
		/^example-1 +example +metaltune@192\.0\.2\.11:22 \(sudo\) +\d+ +3 +manual$/m,
	);
	expect(done.status).toBe(0);
});

test("validate shows every problem with its place, and fails", () => {
	mkdirSync(join(directory, "hosts"));
	writeFileSync(
		join(directory, "hosts/a.yaml"),
		"tuning: {memory: {swapp: off}}\nmachines: {a: {address: 192.0.2.1}}\n",
	);
	const done = run(metaltune, "validate");
	expect(done.stdout).toBe("");
	expect(done.stderr.trim().split("\n")).toEqual([
		expect.stringMatching(
			/^hosts\/a\.yaml:1:19: tuning\.memory\.swapp: .*swap/,
		),
		expect.stringMatching(
			/^hosts\/a\.yaml:2:\d+: machines\.a\.hostKey: this key is required/,
		),
	]);
	expect(done.status).toBe(1);
});

test("host-program prints byte for byte what is installed", () => {
	const done = run(metaltune, "host-program");
	expect(done.stdout === hostProgram().text).toBe(true);
	expect(done.status).toBe(0);
});

test("it is found through a link, as from a directory on PATH", () => {
	const link = join(directory, "linked");
	symlinkSync(metaltune, link);
	expect(run(link, "--help").stdout).toContain("Usage: metaltune");
});

test("explain lists the tunables, and explains one", () => {
	const all = run(metaltune, "explain");
	expect(all).toMatchObject({ status: 0, stderr: "" });
	expect(all.stdout).toMatch(/^smt +hyper-threading/m);
	const one = run(metaltune, "explain", "smt", "--json");
	expect(JSON.parse(one.stdout)).toMatchObject({
		name: "smt",
		example: "smt: off",
	});
});
