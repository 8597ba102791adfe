/** The installation of the test VM's requirements, with programs that record. */
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const install = join(__dirname, "../../lab/metal/install");

let directory: string;
let tools: string;

function stub(name: string, script: string): void {
	writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function recorded(name: string): string {
	return readFileSync(join(directory, name), "utf8");
}

/** An apt-get that knows a suite, and takes QEMU with an igb from backports. */
function apt(codename: string): void {
	stub(
		"apt-get",
		`. /etc/os-release
case $* in
indextargets*COMPONENT*) echo "$VERSION_CODENAME main http://mirror.test/debian/" ;;
indextargets*) echo "${codename}" ;;
*SourceParts*)
	echo "$*" >>"$RECORD/private"
	for word; do
		case $word in
		Dir::*) path=\${word#*=} && echo "$path" >>"$RECORD/paths" && test -d "$path" || exit 9 ;;
		esac
		case $word in
		Dir::Etc::SourceParts=*) cat "\${word#*=}"/*.list >"$RECORD/sources" ;;
		esac
	done
	case $* in *" install "*) touch "$RECORD/igb" ;; esac ;;
*) echo "$*" >>"$RECORD/own" ;;
esac`,
	);
}

function run() {
	const { status, stdout, stderr } = spawnSync(install, [], {
		env: {
			PATH: `${tools}:/usr/bin:/bin`,
			RECORD: directory,
			TMPDIR: directory,
		},
		encoding: "utf8",
	});
	return { status, stdout, stderr };
}

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "install-"));
	tools = join(directory, "tools");
	mkdirSync(join(directory, "parts"));
	mkdirSync(tools);
	writeFileSync(
		join(directory, "parts/own.list"),
		"deb http://mirror.test/ own main\n",
	);
	for (const program of ["qemu-img", "debootstrap", "parted", "mke2fs"]) {
		stub(program, ":");
	}
	stub(
		"qemu-system-x86_64",
		`case $1 in
-device) test ! -e "$RECORD/igb" || echo 'name "igb", bus PCI' ;;
*) echo 'QEMU emulator version 10.0.2 (Debian)' ;;
esac`,
	);
	stub("id", "echo 0");
	stub("apt-config", `echo "PARTS='$RECORD/parts/'"`);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("backports are asked for privately, and nothing of them stays", () => {
	apt("unrelated");
	const system = "/etc/apt/sources.list.d";
	const before = existsSync(system) ? readdirSync(system) : [];
	expect(run()).toMatchObject({
		status: 0,
		stdout: "installed QEMU emulator version 10.0.2\n",
	});
	expect(existsSync(system) ? readdirSync(system) : []).toEqual(before);
	expect(readdirSync(join(directory, "parts"))).toEqual(["own.list"]);
	expect(recorded("sources")).toMatch(
		/^deb (?:\[signed-by=\S+\] )?http:\/\/mirror\.test\/debian\/ \w+-backports main\ndeb http:\/\/mirror\.test\/ own main\n$/,
	);
	expect(recorded("own")).not.toContain("backports");
	const paths = recorded("paths").trim().split("\n");
	// Sources, lists and packages of update and of install.
	expect(paths).toHaveLength(6);
	for (const path of paths) {
		expect(path.startsWith(`${directory}/`)).toBe(true);
		expect(existsSync(path)).toBe(false);
	}
});

test("backports that apt already has are not named a second time", () => {
	apt("$VERSION_CODENAME-backports");
	expect(run().status).toBe(0);
	expect(recorded("sources")).toBe("deb http://mirror.test/ own main\n");
});

test("where QEMU is new enough, apt is not asked", () => {
	apt("unrelated");
	writeFileSync(join(directory, "igb"), "");
	expect(run().stdout).toBe("QEMU emulator version 10.0.2\n");
	expect(existsSync(join(directory, "own"))).toBe(false);
});
