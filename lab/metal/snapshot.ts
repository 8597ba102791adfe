/**
 * A booted machine, saved to disk, so that others resume from it. Under emulation a
 * boot takes most of a minute, a resume a few seconds.
 */
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../light/runProgram";
import { workingAccelerator } from "./accelerator";
import { type Accelerator, machineArguments, machineFiles } from "./arguments";
import { cacheDirectory, forgetOthers, keptDirectory, keyOf } from "./cache";
import {
	askMonitor,
	type Emulator,
	startEmulator,
	stopEmulator,
	within,
} from "./emulator";
import { freePort } from "./freePort";
import { guestOf, waitForLogin } from "./guest";
import { builtImage, type Image, type Progress } from "./image";
import { type Edition, editionName } from "./releases";

export interface Snapshot {
	readonly image: Image;
	readonly accelerator: Accelerator;
	/** The disk at that moment; machines write to overlays of it. */
	readonly disk: string;
	/** Memory and devices at that moment. */
	readonly state: string;
}

// At that time GRUB uses the menu that the machine itself wrote, and the units that
// follow the boot have ended. Clean page cache need not be saved.
const settle = [
	"update-grub 2>&1",
	"systemctl is-system-running --wait || :",
	"sync",
	"echo 3 >/proc/sys/vm/drop_caches",
].join("\n");

async function save(emulator: Emulator, file: string): Promise<void> {
	await askMonitor(emulator, async (monitor) => {
		await monitor.call("stop");
		await monitor.call("migrate-set-parameters", { "max-bandwidth": 2 ** 40 });
		await monitor.call("migrate", { uri: `exec:cat >'${file}'` });
		let status = "";
		const ended = await within(300, async () => {
			const answer = await monitor.call("query-migrate");
			status = (answer as { readonly status: string }).status;
			return status === "completed" || status === "failed";
		});
		if (!ended || status === "failed") {
			throw new Error(`${file}: expected QEMU to save the machine: ${status}`);
		}
	});
}

/**
 * Waits for the kernel's first words, which a working KVM shows in seconds.
 *
 * @throws Error when there are none.
 */
async function waitForKernel(directory: string): Promise<void> {
	const seconds = 20;
	const file = join(directory, machineFiles.console);
	const speaks = () => existsSync(file) && statSync(file).size > 0;
	if (!(await within(seconds, speaks))) {
		throw new Error(
			`expected the kernel to start within ${seconds} s, nothing is on its console`,
		);
	}
}

async function boot(
	directory: string,
	image: Image,
	accelerator: Accelerator,
): Promise<void> {
	const disk = join(directory, "disk.qcow2");
	await run("qemu-img", [
		...["create", "-q", "-f", "qcow2", "-F", "qcow2"],
		...["-b", image.disk, disk],
	]);
	const port = await freePort();
	const emulator = await startEmulator({
		directory,
		accelerator,
		disk,
		sshPort: port,
	});
	try {
		const guest = guestOf(directory, { name: "metal", port, image });
		if (accelerator === "kvm") await waitForKernel(directory);
		// A machine that hangs under KVM is started again without it.
		await waitForLogin(emulator, guest, accelerator === "kvm" ? 120 : 900);
		await guest.ssh(settle);
		await save(emulator, join(directory, "state"));
	} finally {
		await stopEmulator(emulator);
	}
}

async function snapshotUnder(
	accelerator: Accelerator,
	edition: Edition,
	image: Image,
	progress: Progress,
): Promise<Snapshot> {
	const version = await run("qemu-system-x86_64", ["--version"]);
	const args = machineArguments({ accelerator, disk: "disk", sshPort: 0 });
	const key = keyOf([version, image.key, settle, ...args]);
	const wanted = join(cacheDirectory(), `boot-${editionName(edition)}-${key}`);
	const directory = await keptDirectory(wanted, (unfinished) => {
		progress(
			accelerator === "kvm"
				? "first boot, once"
				: "first boot, once: most of a minute, as KVM does not work here",
		);
		return boot(unfinished, image, accelerator);
	});
	forgetOthers(directory);
	const state = join(directory, "state");
	return { image, accelerator, disk: join(directory, "disk.qcow2"), state };
}

/**
 * The snapshot for this machine and its QEMU, created if missing.
 *
 * @throws Error when the image cannot be built or does not boot.
 */
export async function bootSnapshot(
	edition: Edition,
	progress: Progress,
): Promise<Snapshot> {
	const image = await builtImage(edition, progress);
	// Where one machine hung the next one does, for two minutes each time.
	const hung = join(cacheDirectory(), "kvm-hung");
	if (!existsSync(hung) && workingAccelerator() === "kvm") {
		try {
			return await snapshotUnder("kvm", edition, image, progress);
		} catch (error) {
			progress(`KVM did not get the machine to boot: ${error}`);
			writeFileSync(hung, `${error}\n`);
		}
	}
	return snapshotUnder("tcg", edition, image, progress);
}
