/**
 * bin/setup in a checkout of its own, where only stubs of `pulumi`, `curl` and
 * `go` decide what the machine has and reaches.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "../..");
const unreachable = "exit 6";
const noPlugin = `case "$*" in
version) echo v3.230.1 ;;
"plugin ls --json") echo '[]' ;;
*) exit 1 ;;
esac`;

let checkout: string;
let tools: string;

beforeEach(() => {
	checkout = mkdtempSync(join(tmpdir(), "metaltune setup's "));
	tools = join(checkout, "tools");
	mkdirSync(tools);
	for (const file of ["bin/setup", "toolchain", "package.json"]) {
		cpSync(join(root, file), join(checkout, file), { recursive: true });
	}
	mkdirSync(join(checkout, "node_modules"));
	writeFileSync(join(checkout, "package-lock.json"), "{}");
	writeFileSync(
		join(checkout, "node_modules/.metaltune-lock"),
		sha256(join(checkout, "package-lock.json")),
	);
	for (const found of ["node", "npm", "sshd", "shellcheck"]) {
		stub(found, found === "node" ? `exec '${process.execPath}' "$@"` : ":");
	}
	for (const program of coreutils) {
		symlinkSync(pathOf(program), join(tools, program));
	}
	stub("curl", unreachable);
});

afterEach(() => rmSync(checkout, { recursive: true }));

const coreutils =
	"sh basename cat chmod cp cut date dirname env find flock grep head id ln mkdir mktemp mv readlink rm sed sha256sum tail timeout tr uname".split(
		" ",
	);

function pathOf(program: string): string {
	return execFileSync("sh", ["-c", `command -v ${program}`], {
		encoding: "utf8",
	}).trim();
}

function sha256(path: string): string {
	return execFileSync("sha256sum", [path], { encoding: "utf8" }).slice(0, 64);
}

function stub(name: string, script: string): void {
	const path = join(tools, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, `#!/bin/sh\n${script}\n`);
	chmodSync(path, 0o755);
}

function setup() {
	const { status, stdout, stderr } = spawnSync(
		join(checkout, "bin/setup"),
		[],
		{
			encoding: "utf8",
			env: {
				PATH: tools,
				HOME: checkout,
				METALTUNE_CACHE: `${checkout}/cache`,
			},
		},
	);
	return { status, stdout, stderr };
}

function environment(): string {
	return execFileSync("sh", ["-c", '. "$0"; env', ".metaltune/env"], {
		cwd: checkout,
		encoding: "utf8",
		env: { PATH: tools },
	});
}

const link = () => join(checkout, ".metaltune/bin/pulumi-resource-command");

test("a user's Pulumi and plugin are used as they are", () => {
	stub(
		"pulumi",
		noPlugin.replace(
			"'[]'",
			`'[{"name": "command", "kind": "resource", "version": "1.2.1"}]'`,
		),
	);
	const { stdout, status } = setup();
	expect(status).toBe(0);
	expect(stdout).toContain(`Pulumi engine: ${tools}/pulumi, v3.230.1 (`);
	expect(stdout).toContain("command provider: plugin 1.2.1 (");
	expect(existsSync(link())).toBe(false);
	const env = environment();
	expect(env).toContain(`PATH=${checkout}/.metaltune/bin:${tools}\n`);
	expect(env).not.toContain("ACQUISITION");
});

test("without the plugin the stand-in is linked, and said to be one", () => {
	stub("pulumi", noPlugin);
	const { stdout } = setup();
	expect(stdout).toContain(
		"command provider: stand-in, because plugin 1.2.1 could not be downloaded",
	);
	expect(readFileSync(link(), "utf8")).toContain("stand-in");
	expect(environment()).toContain(
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
	);
});

test("what could not be downloaded is not asked for again", () => {
	stub(
		"pulumi",
		noPlugin.replace("*) ", `*) echo "$*" >> "${checkout}/asked"; `),
	);
	setup();
	setup();
	expect(readFileSync(join(checkout, "asked"), "utf8")).toBe(
		"plugin install resource command 1.2.1\n",
	);
});

test("a plugin that arrived later takes the stand-in's place", () => {
	stub("pulumi", noPlugin);
	setup();
	stub("pulumi-resource-command", ":");
	const { stdout } = setup();
	expect(stdout).toContain(
		`command provider: ${tools}/pulumi-resource-command`,
	);
	expect(existsSync(link())).toBe(false);
});

test("an older Pulumi is refused by name", () => {
	stub("pulumi", "echo v3.219.0");
	const { status, stderr } = setup();
	expect(status).toBe(1);
	expect(stderr).toBe(
		`setup: ${tools}/pulumi: expected Pulumi 3.220 or newer, found v3.219.0; update it, or take it off PATH\n`,
	);
});

test("nothing to download and nothing to build with is one sentence", () => {
	const { status, stderr } = setup();
	expect(status).toBe(1);
	expect(stderr).toBe(
		"toolchain: expected Go 1.24 or newer on PATH to build the Pulumi CLI, found none; install Go, or the Pulumi CLI itself\n",
	);
});
