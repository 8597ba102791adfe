/**
 * The power fails while a machine is being changed: the next up completes the
 * work, and what was there before metaltune is still known.
 */
import { within } from "../../lab/metal/emulator";
import { differences, fingerprint } from "./fingerprint";
import { fxStore } from "./fxStore";
import { done, type MetalLab, startMetalLab } from "./lab";

const { kernelCommandLine: _, ...tuning } = fxStore;

/** Each a state of the machine that only lasts while apply is at work. */
const moments = [
	[
		"after the first files are written",
		"test -e /var/lib/metaltune/journal && test -e /etc/sysctl.d/zz-metaltune.conf",
	],
	[
		"while the NIC is being changed",
		"test -e /var/lib/metaltune/journal && ethtool -g nic1 | grep -q '4096$' && ethtool -g nic1 | tail -n 5 | grep -q 4096",
	],
] as const;

let lab: MetalLab;
let before: readonly string[];

beforeAll(async () => {
	lab = await startMetalLab();
	before = await fingerprint(lab.machine);
	lab.declare({ tuning });
});
afterAll(() => lab?.remove());

test.each(moments)("%s", async (_name, moment) => {
	const bootId = await lab.machine.bootId();
	let ended = false;
	const up = lab.up("--refresh").finally(() => {
		ended = true;
	});
	const cut = await within(1200, async () => {
		// Past the network, so that it does not compete with the login's.
		const { code } = await lab.machine.execute(moment);
		return ended || code === 0;
	});
	expect({ cut, ended }).toEqual({ cut: true, ended: false });
	await lab.machine.reset();
	expect((await up).code).not.toBe(0);
	await lab.machine.nextBoot(bootId);
});

test("the next up completes it", async () => {
	await done(lab.up("--refresh"));
	const table = await lab.check();
	expect(table.filter((line) => !line.endsWith(" ok"))).toEqual([]);
	expect(
		await lab.machine.ssh("ls /var/lib/metaltune/journal 2>/dev/null || :"),
	).toBe("");
});

test("the machine can still be reverted", async () => {
	await done(lab.destroy());
	expect(differences(before, await fingerprint(lab.machine))).toEqual([]);
});
