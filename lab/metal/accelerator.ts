/**
 * Uses KVM where it works. An accessible device file is no proof: in some virtual
 * machines a guest then hangs in its BIOS. So this runs a boot sector whose only
 * instructions end QEMU.
 */
import { spawnSync } from "node:child_process";
import {
	accessSync,
	constants,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Accelerator, processorArguments } from "./arguments";

const probeMilliseconds = 5000;
// mov dx, 0xf4; mov al, 0x10; out dx, al: QEMU exits with 2 * 0x10 + 1.
const code = [0xba, 0xf4, 0x00, 0xb0, 0x10, 0xee, 0xf4];
const exitOfProbe = 33;

function bootSector(): Buffer {
	const sector = Buffer.alloc(512);
	sector.set(code);
	sector.set([0x55, 0xaa], 510);
	return sector;
}

/** Whether a machine gets through its BIOS under this accelerator. */
export function accelerates(accelerator: Accelerator): boolean {
	const directory = mkdtempSync(join(tmpdir(), "metal-probe-"));
	const image = join(directory, "boot.raw");
	writeFileSync(image, bootSector());
	const probe = spawnSync(
		"qemu-system-x86_64",
		[
			...["-nodefaults", "-no-user-config", "-display", "none"],
			...["-machine", "q35", "-m", "64"],
			...processorArguments(accelerator),
			...["-drive", `file=${image},format=raw,if=floppy`],
			...["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"],
		],
		{ stdio: "ignore", timeout: probeMilliseconds, killSignal: "SIGKILL" },
	);
	rmSync(directory, { recursive: true });
	return probe.status === exitOfProbe;
}

function opens(path: string): boolean {
	try {
		accessSync(path, constants.R_OK | constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** The fastest accelerator that works here. */
export function workingAccelerator(): Accelerator {
	return opens("/dev/kvm") && accelerates("kvm") ? "kvm" : "tcg";
}
