/** Why this machine cannot run the test VM, as a sentence. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const programs = [
	["qemu-system-x86_64", "qemu-system-x86"],
	["qemu-img", "qemu-utils"],
	["debootstrap", "debootstrap"],
	["parted", "parted"],
	["mke2fs", "e2fsprogs"],
] as const;

function onPath(program: string): boolean {
	return (process.env.PATH ?? "")
		.split(":")
		.concat("/usr/sbin", "/sbin")
		.some((directory) => existsSync(`${directory}/${program}`));
}

/** Whether this QEMU emulates a NIC with queues, rings and coalescing. */
function hasIgb(): boolean {
	const asked = spawnSync("qemu-system-x86_64", ["-device", "help"], {
		encoding: "utf8",
	});
	return asked.stdout?.includes('name "igb"') ?? false;
}

/**
 * Why the test VM cannot run here, and what to do, in one sentence;
 * undefined when it can.
 */
export function whyNoMetal(): string | undefined {
	const absent = programs.filter(([program]) => !onPath(program));
	if (absent.length > 0) {
		const packages = absent.map(([, name]) => name).join(" ");
		return `expected ${absent.map(([program]) => program).join(", ")}, found none; run bin/setup as root, or install ${packages}`;
	}
	if (!hasIgb()) {
		return "expected QEMU 8 or newer, which has the NIC igb, found an older one; run bin/setup as root";
	}
	if (process.getuid?.() !== 0) {
		return "expected to be root, as the machine's disk is made in a chroot, found another user";
	}
	return undefined;
}
