/**
 * Writes the file system of one simulated bare-metal host: the `$ROOT` under
 * which the real host program and the fake commands run.
 */
import { spawnSync } from "node:child_process";
import {
	chmodSync,
	mkdirSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { accountFiles } from "./tree/accounts";
import { baseFiles } from "./tree/base";
import { cpuFiles } from "./tree/cpu";
import { type Distribution, layouts } from "./tree/distributions";
import { lines, type Nodes } from "./tree/files";
import { interruptFiles } from "./tree/interrupts";
import { memoryFiles, swapFileBytes } from "./tree/memory";
import { powerFiles } from "./tree/power";
import { sysctls } from "./tree/sysctls";

/** The directory of fake commands, first on a host's PATH. */
export const commandsDirectory = join(__dirname, "commands");

/** PATH of a simulated host: the fakes, then the real coreutils. */
export const lightPath = `${commandsDirectory}:/usr/sbin:/usr/bin:/sbin:/bin`;

/**
 * Writes the tree of an untouched host into `directory`, which must not contain one
 * yet. 2 sockets, 16 CPUs, 2 nodes of 8 GiB; see tree/topology.ts.
 *
 * @throws Error when a file cannot be written or update-grub fails.
 */
export function writeTree(directory: string, distribution: Distribution): void {
	const { kernel, files } = layouts[distribution];
	const own = files();
	writeNodes(directory, {
		...baseFiles(kernel),
		...accountFiles(),
		...cpuFiles(),
		...memoryFiles(),
		...powerFiles(),
		...interruptFiles(),
		...sysctlFiles(),
		...own,
		swapfile: { text: "", mode: 0o600 },
	});
	truncateSync(join(directory, "swapfile"), swapFileBytes);
	if ("boot/grub" in own) {
		runUpdateGrub(directory);
	}
}

function sysctlFiles(): Nodes {
	return Object.fromEntries(
		Object.entries(sysctls).map(([path, value]) => [
			`proc/sys/${path}`,
			lines(value),
		]),
	);
}

function writeNodes(directory: string, nodes: Nodes): void {
	for (const [path, node] of Object.entries(nodes)) {
		const full = join(directory, path);
		if ("directory" in node) {
			mkdirSync(full, { recursive: true });
			chmodSync(full, node.mode ?? 0o755);
			continue;
		}
		mkdirSync(dirname(full), { recursive: true });
		if ("link" in node) {
			symlinkSync(node.link, full);
			continue;
		}
		writeFileSync(full, node.text, { flag: "wx" });
		chmodSync(full, node.mode ?? 0o644);
	}
}

function runUpdateGrub(root: string): void {
	const done = spawnSync(join(commandsDirectory, "update-grub"), {
		env: { ROOT: root, PATH: lightPath },
		encoding: "utf8",
	});
	if (done.status !== 0) {
		throw new Error(
			`${root}: expected update-grub to write grub.cfg, got exit ${done.status}: ${done.stderr}`,
		);
	}
}
