/**
 * bin/setup in a checkout of its own, where stubs of `pulumi`, `curl`, `npm`,
 * `apt-get` and others decide what the machine has and reaches. That it works
 * with real ones is proved by test/fresh/quickstart.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "../..");
const programs =
	"sh awk basename cat chmod cp cut date dirname env find flock grep gzip head kill ln mkdir mktemp mv readlink rm sed sha256sum sort tail tar timeout tr uname".split(
		" ",
	);
const noPlugin = `case "$*" in
version) echo v3.230.1 ;;
*) echo "$*" >>"$HOME/asked"; exit 1 ;;
esac`;

let checkout: string;
let tools: string;
let path: string;

beforeEach(() => {
	checkout = mkdtempSync(join(tmpdir(), "metaltune setup's "));
	tools = join(checkout, "tools");
	path = tools;
	mkdirSync(join(checkout, "node_modules"));
	for (const file of ["bin/setup", "toolchain", "package.json"]) {
		cpSync(join(root, file), join(checkout, file), { recursive: true });
	}
	for (const file of ["lab/metal/install", "lab/metal/image/mirror.sh"]) {
		cpSync(join(root, file), join(checkout, file));
	}
	writeFileSync(join(checkout, "package-lock.json"), "{}");
	for (const program of programs) {
		const path = execFileSync("sh", ["-c", `command -v ${program}`]);
		stub(program, `exec ${String(path).trim()} "$@"`);
	}
	stub("node", `exec '${process.execPath}' "$@"`);
	stub("npm", 'echo "$*" >>"$HOME/npm-calls"');
	stub("curl", "exit 6");
	stub("pulumi", noPlugin);
	stub("sshd", ":");
	user(0);
	for (const installer of ["apt-get", "dnf"]) remove(installer);
});
afterEach(() => rmSync(checkout, { recursive: true }));

function stub(name: string, script: string): void {
	const path = join(tools, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, `#!/bin/sh\n${script}\n`);
	chmodSync(path, 0o755);
}

function remove(name: string): void {
	rmSync(join(tools, name), { force: true });
}

function user(id: number): void {
	stub("id", `echo ${id}`);
}

function setup(...args: readonly string[]) {
	const { status, stdout, stderr } = spawnSync(
		join(checkout, "bin/setup"),
		args,
		{
			encoding: "utf8",
			env: {
				PATH: path,
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

function linesOf(file: string): readonly string[] {
	const path = join(checkout, file);
	return existsSync(path)
		? readFileSync(path, "utf8").trimEnd().split("\n")
		: [];
}

const link = () =>
	join(checkout, ".metaltune/plugins/command/pulumi-resource-command");

describe("Pulumi and its command plugin", () => {
	test("a user's own are used as they are", () => {
		const plugin = join(
			checkout,
			".pulumi/plugins/resource-command-v1.2.1/pulumi-resource-command",
		);
		mkdirSync(dirname(plugin), { recursive: true });
		writeFileSync(plugin, "#!/bin/sh\n", { mode: 0o755 });
		const { stdout, status } = setup();
		expect(status).toBe(0);
		expect(stdout).toContain(`Pulumi: ${tools}/pulumi, v3.230.1 (`);
		expect(readlinkSync(link())).toBe(plugin);
		expect(environment()).toContain(`PATH=${tools}\n`);
		expect(environment()).not.toContain("ACQUISITION");
	});

	test("without the plugin the stand-in is linked, and named", () => {
		const { stdout } = setup();
		expect(stdout).toContain("the stand-in in toolchain/commandProvider");
		expect(readFileSync(link(), "utf8")).toContain("stand-in");
		expect(environment()).toContain(
			"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
		);
	});

	test("a failed download is not requested again", () => {
		setup();
		setup();
		expect(linesOf("asked")).toEqual(["plugin install resource command 1.2.1"]);
	});

	test("a plugin that arrived later takes the stand-in's place", () => {
		setup();
		stub("pulumi-resource-command", ":");
		setup();
		expect(readlinkSync(link())).toBe(`${tools}/pulumi-resource-command`);
	});

	test("an older Pulumi is refused by name", () => {
		stub("pulumi", "echo v3.219.0");
		const { status, stderr } = setup();
		expect(status).toBe(1);
		expect(stderr).toContain(
			`setup: ${tools}/pulumi is Pulumi v3.219.0, but 3.220 or newer is needed`,
		);
	});

	test("without a download and without Go, setup fails with one sentence", () => {
		remove("pulumi");
		const { status, stderr } = setup();
		expect(status).toBe(1);
		expect(stderr).toMatch(/^setup: toolchain: expected Go .*\n/);
	});
});

/** What `curl` would bring: Pulumi's archive with a program that answers. */
function offerArchive(): string {
	const source = join(checkout, "archive/pulumi");
	mkdirSync(source, { recursive: true });
	writeFileSync(join(source, "pulumi"), `#!/bin/sh\n${noPlugin}\n`, {
		mode: 0o755,
	});
	const archive = join(checkout, "archive.tar.gz");
	execFileSync("tar", ["-czf", archive, "-C", dirname(source), "pulumi"]);
	stub(
		"curl",
		`while [ "$1" != -o ]; do shift; done; cp '${archive.replaceAll("'", "'\\''")}' "$2"`,
	);
	stub("uname", "echo Linux x86_64");
	remove("pulumi");
	return createHash("sha256").update(readFileSync(archive)).digest("hex");
}

describe("Pulumi's archive", () => {
	test("is unpacked when its checksum is the recorded one", () => {
		writeFileSync(
			join(checkout, "toolchain/pulumi.sha256"),
			`${offerArchive()}  pulumi-v3.255.0-linux-x64.tar.gz\n`,
		);
		const { status, stdout } = setup();
		expect({ status, stdout }).toMatchObject({ status: 0 });
		expect(stdout).toContain("Pulumi: official 3.255.0 (");
		expect(environment()).toContain(
			`PATH=${checkout}/cache/pulumi-3.255.0/bin:`,
		);
	});

	test("with another checksum is refused and not unpacked", () => {
		offerArchive();
		const { status, stderr } = setup();
		expect(status).toBe(1);
		expect(stderr).toContain("is not the archive whose checksum is in");
		expect(existsSync(join(checkout, "cache/pulumi-3.255.0"))).toBe(false);
	});
});

describe("npm packages", () => {
	const quiet = "--ignore-scripts --no-audit --no-fund --no-update-notifier";
	const ci = `ci --omit=dev ${quiet}`;

	test("an operator gets those that run, once", () => {
		setup();
		setup();
		expect(linesOf("npm-calls")).toEqual([ci]);
	});

	test("optional ones are asked for, and stay", () => {
		setup("--policies");
		setup("--ec2");
		setup();
		const added = (names: string) =>
			`install --no-save --save-prod --omit=dev ${names} ${quiet}`;
		expect(linesOf("npm-calls")).toEqual([
			ci,
			added("@pulumi/policy@1.21.0"),
			ci,
			added("@pulumi/aws@7.48.0 @pulumi/policy@1.21.0"),
		]);
	});

	test("a failure names the log, which has npm's own words", () => {
		stub("npm", "echo 'the words of npm' >&2; exit 1");
		const { status, stderr } = setup();
		expect(status).toBe(1);
		expect(stderr).toContain("npm could not install what package-lock.json");
		expect(stderr).toContain(".metaltune/setup.log");
		expect(linesOf(".metaltune/setup.log")).toContain("the words of npm");
		expect(existsSync(join(checkout, ".metaltune/env"))).toBe(false);
	});
});

describe("Node.js", () => {
	test("one that is too old is replaced by npm's, first on PATH", () => {
		stub("node", `[ "$1" = --version ] && echo v20.1.0`);
		writeFileSync(
			join(checkout, "toolchain/node/install"),
			`#!/bin/sh\nmkdir -p "$HOME/node24"\nln -sf '${process.execPath}' "$HOME/node24/node"\nprintf '%s\\n' "$HOME/node24"\n`,
		);
		const { stdout } = setup();
		expect(stdout).toMatch(/Node\.js: v\d+\S+ from npm, because v20\.1\.0 is/);
		expect(environment()).toContain(`PATH=${checkout}/node24:`);
	});

	test("an earlier setup's stays, where its environment is in effect", () => {
		const earlier = join(checkout, "cache/node-24");
		mkdirSync(earlier, { recursive: true });
		symlinkSync(process.execPath, join(earlier, "node"));
		path = `${earlier}:${tools}`;
		expect(setup().status).toBe(0);
		expect(environment()).toContain(`PATH=${earlier}:`);
	});

	test("none at all is one sentence", () => {
		remove("npm");
		const { status, stderr } = setup();
		expect(status).toBe(1);
		expect(stderr).toMatch(/^setup: found no Node\.js with npm on PATH; .*\n$/);
	});
});

describe("packages of the distribution", () => {
	const apt = 'echo "$*" >>"$HOME/apt-calls"';
	const missingServer = () => {
		// Of this machine, which setup looks for as well.
		const packages = join(checkout, "toolchain/packages.sh");
		const text = readFileSync(packages, "utf8");
		writeFileSync(packages, text.replace('"/usr/sbin/$1"', '"/nowhere/$1"'));
		remove("sshd");
	};

	test("none is installed for an operator", () => {
		missingServer();
		stub("apt-get", apt);
		expect(setup("--ec2", "--policies").status).toBe(0);
		expect(linesOf("apt-calls")).toEqual([]);
	});

	test.each([
		["apt-get", "install -y --no-install-recommends openssh-server"],
		["dnf", "install -y openssh-server"],
	])("%s is asked for what is named, with its purpose", (installer, call) => {
		missingServer();
		stub(installer, apt);
		const { status, stdout } = setup("--lab=light");
		expect(status).toBe(0);
		expect(stdout).toContain(
			`setup: needs openssh-server: simulated hosts are SSH servers\nsetup: installing by ${installer}: openssh-server\n`,
		);
		expect(linesOf("apt-calls")).toEqual([call]);
	});

	test("without root, the command is printed", () => {
		missingServer();
		user(1000);
		stub("apt-get", apt);
		const { status, stderr } = setup("--lab=light");
		expect(status).toBe(1);
		expect(stderr).toContain(
			"run `sudo apt-get install -y --no-install-recommends openssh-server`, then this again",
		);
		expect(linesOf("apt-calls")).toEqual([]);
	});

	test("a machine that cannot run the test VM is ready without it", () => {
		user(1000);
		const { status, stdout } = setup("--lab");
		expect(status).toBe(0);
		expect(stdout).toMatch(/test VM: not available, simulated hosts are used/);
	});
});

test.each([
	["--help", 0, /^Usage: bin\/setup/, /^$/],
	["--nope", 1, /^$/, /^setup: --nope is no option; bin\/setup --help/],
])("%s is answered before anything is done", (option, code, out, err) => {
	const { status, stdout, stderr } = setup(option);
	expect(status).toBe(code);
	expect(stdout).toMatch(out);
	expect(stderr).toMatch(err);
	expect(existsSync(join(checkout, ".metaltune"))).toBe(false);
});
