/**
 * Writes the file system of one pretended bare-metal host: the `$ROOT` under
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
import { debianFiles, debianRelease } from "./tree/debian";
import { lines, type Nodes } from "./tree/files";
import { interruptFiles } from "./tree/interrupts";
import { memoryFiles, swapFileBytes } from "./tree/memory";
import { powerFiles } from "./tree/power";
import { rhelFiles, rhelRelease } from "./tree/rhel";
import { sysctls } from "./tree/sysctls";

/** `debian` has update-grub and grub.d, `rhel` grubby and boot entries. */
export type Family = "debian" | "rhel";

/** The directory of fake commands that belongs first on a host's PATH. */
export const commandsDirectory = join(__dirname, "commands");

/** PATH of a light host: the fakes, then the real coreutils. */
export const lightPath = `${commandsDirectory}:/usr/sbin:/usr/bin:/sbin:/bin`;

/**
 * Writes the tree of an untouched host into `directory`, which must not hold
 * one already. 2 sockets, 16 CPUs, 2 nodes of 8 GiB; see tree/topology.ts.
 *
 * @throws Error when a file cannot be written or update-grub fails.
 */
export function writeTree(
	directory: string,
	options: { readonly family: Family },
): void {
	const debian = options.family === "debian";
	writeNodes(directory, {
		...baseFiles(debian ? debianRelease : rhelRelease),
		...accountFiles(),
		...cpuFiles(),
		...memoryFiles(),
		...powerFiles(),
		...interruptFiles(),
		...sysctlFiles(),
		...(debian ? debianFiles() : rhelFiles()),
		swapfile: { text: "", mode: 0o600 },
	});
	truncateSync(join(directory, "swapfile"), swapFileBytes);
	if (debian) {
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
