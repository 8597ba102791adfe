/**
 * Runs the real host program in a private tree, with the light lab's fake
 * commands in front of the system's: the way every test of the program and of
 * the tunables exercises it.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostProgram, programPath } from "../../host/assemble";
import { encodeContents, settingsStream } from "../../host/protocol";
import { lightPath, writeTree } from "../../lab/light/tree";
import type { Distribution } from "../../lab/light/tree/distributions";
import { contentsOf, type Setting } from "../../model/settings";
import { snapshotTree, type TreeSnapshot } from "./tree";

/** What one run of the host program left behind. */
export interface Run {
	readonly status: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
}

/** A simulated host whose program is run directly, without SSH. */
export interface FakeHost {
	readonly root: string;
	/** Runs a verb; `path` goes in front of PATH. */
	run(
		verb: string,
		options?: {
			readonly settings?: readonly Setting[];
			readonly stdin?: string;
			readonly path?: string;
		},
	): Run;
	/** Puts the program where it belongs, as the provider does. */
	install(): void;
	/** Everything on the host; the lab's own files are left out. */
	snapshot(options?: { readonly writes?: boolean }): TreeSnapshot;
	read(path: string): string;
	/** A script is executable. */
	write(path: string, text: string): void;
	remove(path: string): void;
	/** Another host that is as this one is now. */
	clone(): FakeHost;
	dispose(): void;
}

/** Which programs /bin/sh and awk are, whatever this machine has by those names. */
const interpreters = {
	debian: { awk: "mawk" },
	el: { sh: "bash", awk: "gawk" },
} as const;

const elDistributions: readonly Distribution[] = ["el-9", "el-10"];

// Between two looks, where nothing happens by itself, a second is a tenth of one;
// the delay of a timer is what it is.
const shortSleep = `#!/bin/sh
case $1 in
[0-9]) exec /bin/sleep "0.$1" ;;
esac
exec /bin/sleep "$@"
`;

const commands = new Map<boolean, string>();

/** A directory for the front of PATH: what a distribution's host has instead. */
function commandsOf(distribution: Distribution): string {
	const isEl = elDistributions.includes(distribution);
	const known = commands.get(isEl);
	if (known !== undefined) return known;
	const directory = mkdtempSync(join(tmpdir(), "metaltune-commands-"));
	process.once("exit", () => rmSync(directory, { recursive: true }));
	writeFileSync(join(directory, "sleep"), shortSleep, { mode: 0o755 });
	const family = isEl ? interpreters.el : interpreters.debian;
	for (const [name, program] of Object.entries(family)) {
		const installed = `/usr/bin/${program}`;
		if (!existsSync(installed)) {
			throw new Error(`${installed}: not found; run bin/setup --develop`);
		}
		symlinkSync(installed, join(directory, name));
	}
	commands.set(isEl, directory);
	return directory;
}

// Trees are copied by the hundred, and the program syncs what it writes: memory
// keeps the disk out of it.
const scratch = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const pristine = new Map<Distribution, string>();

/** A tree to copy from, written once per distribution and test file. */
function pristineTree(distribution: Distribution): string {
	const known = pristine.get(distribution);
	if (known !== undefined) return known;
	const directory = mkdtempSync(join(scratch, "metaltune-pristine-"));
	process.once("exit", () => rmSync(directory, { recursive: true }));
	writeTree(directory, distribution);
	pristine.set(distribution, directory);
	return directory;
}

/** Makes an untouched host of a distribution in a temporary directory. */
export function fakeHost(distribution: Distribution = "debian-12"): FakeHost {
	return hostFrom(pristineTree(distribution), commandsOf(distribution));
}

/** Makes a host out of a copy of a tree; `front` comes first on its PATH. */
function hostFrom(tree: string, front: string): FakeHost {
	const directory = mkdtempSync(join(scratch, "metaltune-host-"));
	const root = join(directory, "root");
	execFileSync("cp", ["-a", tree, root]);
	const program = join(root, programPath);
	return {
		root,
		run: (verb, { settings, stdin, path } = {}) => {
			const before = path === undefined ? [front] : [path, front];
			// A new process group: a test that cuts the power kills all of it.
			const command = ["-w", "sh", program, ...verb.split(" ")];
			const given = settings ?? [];
			const input =
				stdin ?? encodeContents(contentsOf(given)) + settingsStream(given);
			const result = spawnSync("setsid", command, {
				env: {
					ROOT: root,
					HOME: join(root, "root"),
					PATH: [...before, lightPath].join(":"),
				},
				input,
				encoding: "utf8",
			});
			return {
				status: result.status ?? undefined,
				stdout: result.stdout,
				stderr: result.stderr,
			};
		},
		install: () => {
			writeFileSync(program, hostProgram().text);
			chmodSync(program, 0o755);
		},
		snapshot: (options = {}) =>
			snapshotTree(root, { ...options, except: [".lab"] }),
		read: (path) => readFileSync(join(root, path), "utf8"),
		write: (path, text) => {
			mkdirSync(join(root, path, ".."), { recursive: true });
			writeFileSync(join(root, path), text);
			if (text.startsWith("#!")) chmodSync(join(root, path), 0o755);
		},
		remove: (path) => rmSync(join(root, path), { recursive: true }),
		clone: () => hostFrom(root, front),
		dispose: () => rmSync(directory, { recursive: true, force: true }),
	};
}

/** Every command by which the program changes a system. */
const changing = [
	"apt-get",
	"bootctl",
	"chmod",
	"chown",
	"chrt",
	"cp",
	"ethtool",
	"dnf",
	"gpasswd",
	"groupadd",
	"groupdel",
	"grubby",
	"ip",
	"ln",
	"mkdir",
	"mount",
	"mv",
	"proxmox-boot-tool",
	"rm",
	"rmdir",
	"swapoff",
	"swapon",
	"sync",
	"systemctl",
	"systemd-run",
	"tar",
	"taskset",
	"tee",
	"umount",
	"update-grub",
	"useradd",
	"userdel",
	"usermod",
] as const;

/** A directory for the front of PATH that cuts the power at a chosen step. */
export interface PowerCut {
	readonly path: string;
	/** The power goes right after the `step`th change, 1 the first. */
	at(step: number): void;
	/** No kill any more; changes are still counted. */
	never(): void;
	/** Changes since the last `at` or `never`. */
	steps(): number;
	dispose(): void;
}

/**
 * Wraps every changing command: each call counts, and the chosen one kills the
 * program's whole process group once it has done its work, as a power loss
 * would.
 */
export function powerCut(): PowerCut {
	const directory = mkdtempSync(join(tmpdir(), "metaltune-power-"));
	const path = join(directory, "bin");
	const log = join(directory, "steps");
	const killStep = join(directory, "killStep");
	mkdirSync(path);
	for (const name of changing) {
		const script = `#!/bin/sh
PATH=\${PATH#*:}
export PATH
status=0
${name} "$@" || status=$?
echo ${name} >>'${log}'
read -r kill_step <'${killStep}'
step=0
while read -r _; do step=$((step + 1)); done <'${log}'
[ "$step" -ne "$kill_step" ] || kill -9 0
exit "$status"
`;
		writeFileSync(join(path, name), script, { mode: 0o755 });
	}
	// Waiting proves nothing about a step, and is most of the time.
	writeFileSync(join(path, "sleep"), "#!/bin/sh\n", { mode: 0o755 });
	const killAt = (step: number): void => {
		writeFileSync(log, "");
		writeFileSync(killStep, `${step}\n`);
	};
	killAt(0);
	return {
		path,
		at: killAt,
		never: () => killAt(0),
		steps: () => readFileSync(log, "utf8").split("\n").length - 1,
		dispose: () => rmSync(directory, { recursive: true, force: true }),
	};
}
