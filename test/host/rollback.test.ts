/**
 * What may cut the login is provisional until it is confirmed: recorded before the
 * first change, undone by a timer or by the next boot, wherever the power goes.
 */
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { settingsHash } from "../../host/protocol";
import { waitFor } from "../../lab/light/runProgram";
import { writeTree } from "../../lab/light/tree";
import type { Distribution } from "../../lab/light/tree/distributions";
import { ethtool } from "../../tunables/ethtool";
import { kernelCommandLine } from "../../tunables/kernelCommandLine";
import { memory } from "../../tunables/memory";
import { sysctl } from "../../tunables/sysctl";
import { type FakeHost, fakeHost, powerCut } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { disposeAfterTest } from "../support/newHost";
import { diffTrees } from "../support/tree";

const pristine = new Map<Distribution, string>();
const provisional = "var/lib/metaltune/provisional.tsv";
const record = "var/lib/metaltune/rolled-back";
const done = { status: 0, stderr: "" };

const rings = (rx: number) =>
	settingsFromYaml(ethtool, `eth0: {rings: {rx: ${rx}}}`);
const isolated = settingsFromYaml(kernelCommandLine, "isolcpus: 8-15");
const panics = settingsFromYaml(kernelCommandLine, "metaltune.lab_panic: true");

function timedHost(distribution?: Distribution): FakeHost {
	const host = endedAfterTest(fakeHost(distribution));
	host.install();
	return host;
}

function endedAfterTest(host: FakeHost): FakeHost {
	return disposeAfterTest(host, () => endTimers(host));
}

function pristineTree(distribution: Distribution): string {
	const known = pristine.get(distribution);
	if (known !== undefined) return known;
	const tree = mkdtempSync(join(tmpdir(), "metaltune-pristine-"));
	writeTree(tree, distribution);
	pristine.set(distribution, tree);
	return tree;
}

/** Timers do not survive a boot, nor a test. */
function endTimers(host: FakeHost): void {
	const directory = join(host.root, ".lab/transient");
	for (const unit of existsSync(directory) ? readdirSync(directory) : []) {
		const pid = host.read(`.lab/transient/${unit}`).trim();
		spawnSync("sh", [
			"-c",
			`tr '\\0' '\\n' </proc/${pid}/cmdline | grep -qxF '${join(directory, unit)}' && kill -s KILL -- -${pid}`,
		]);
	}
}

function boot(host: FakeHost, distribution: Distribution = "debian-12"): void {
	endTimers(host);
	const ended = spawnSync(
		join(__dirname, "../../lab/light/boot"),
		[host.root, pristineTree(distribution)],
		{ encoding: "utf8" },
	);
	expect(ended.status).toBe(0);
}

/** The name of the provisional change; another text where there is none. */
const changeOf = (host: FakeHost): string =>
	has(host, provisional)
		? (/\t(\S+)\n/.exec(host.read(provisional))?.[1] ?? "")
		: "000000000000-00000000";
const confirm = (host: FakeHost, change = changeOf(host)) =>
	host.run(`confirm ${change}`);

const has = (host: FakeHost, path: string) => existsSync(join(host.root, path));
const ringsOf = (host: FakeHost) =>
	/^Current[\s\S]*?RX:\t\t(\d+)/m.exec(
		host.read("sys/class/net/eth0/ethtool.lab/g"),
	)?.[1];

afterAll(() => {
	for (const tree of pristine.values()) rmSync(tree, { recursive: true });
});

test("only what may cut the login is provisional, and a second run adds nothing", () => {
	const host = timedHost();
	const settings = settingsFromYaml(memory, "ksm: off");
	expect(host.run("apply --rollback=600", { settings })).toMatchObject(done);
	expect(has(host, provisional)).toBe(false);
	const more = [...settings, ...rings(512)];
	expect(host.run("apply --rollback=600", { settings: more })).toMatchObject(
		done,
	);
	expect(host.read(provisional)).toMatch(/^# live\t\S+\t600\tethtool\.eth0/);
	expect(confirm(host)).toMatchObject(done);
	expect(has(host, provisional)).toBe(false);
	expect(readdirSync(join(host.root, ".lab/transient"))).toEqual([]);
	const before = host.snapshot({ writes: true });
	expect(host.run("apply --rollback=600", { settings: more })).toMatchObject(
		done,
	);
	expect(diffTrees(before, host.snapshot({ writes: true }))).toEqual([]);
});

test("without --rollback nothing is; the seconds are a whole number", () => {
	const host = timedHost();
	expect(host.run("apply", { settings: rings(512) })).toMatchObject(done);
	expect(has(host, provisional)).toBe(false);
	for (const bad of ["", "0", "-1", "1m"]) {
		expect(host.run(`apply --rollback=${bad}`).status).toBe(64);
	}
});

test("the timer brings back the settings from before, and says why", async () => {
	const host = timedHost();
	host.run("apply", { settings: rings(512) });
	const settled = host.snapshot();
	expect(
		host.run("apply --rollback=1", { settings: rings(1024) }),
	).toMatchObject(done);
	expect(ringsOf(host)).toBe("1024");
	await waitFor("the rollback", () => !has(host, provisional));
	expect(ringsOf(host)).toBe("512");
	const reason = "no login confirmed ethtool.eth0.rings.rx within 1 s";
	expect(host.run("check")).toMatchObject({
		status: 2,
		stdout: expect.stringContaining(`ROLLED BACK: ${reason}`),
	});
	expect(confirm(host)).toMatchObject({
		status: 66,
		stderr: `metaltune: ROLLED BACK: ${reason}\n`,
	});
	// Only the record is new; the next apply that succeeds takes it away.
	host.remove(record);
	expect(diffTrees(settled, host.snapshot())).toEqual([]);
	host.write(record, "x\n");
	expect(host.run("apply", { settings: rings(512) })).toMatchObject(done);
	expect(has(host, record)).toBe(false);
});

test("a second apply keeps what was confirmed last, and restarts the time", () => {
	const host = timedHost();
	host.run("apply", { settings: rings(512) });
	host.run("apply --rollback=600", { settings: rings(1024) });
	host.run("apply --rollback=600", { settings: rings(2048) });
	expect(host.read(provisional)).toContain("\t512\t");
	expect(host.run("rollback").status).toBe(0);
	expect(ringsOf(host)).toBe("512");
	expect(readdirSync(join(host.root, ".lab/transient"))).toEqual([]);
});

test("a confirmation is of one change, and of no other before or after it", () => {
	const host = timedHost();
	host.run("apply", { settings: rings(512) });
	host.run("apply --rollback=600", { settings: rings(1024) });
	const first = changeOf(host);
	expect(first).toBe(
		`${settingsHash(rings(1024)).slice(0, 12)}${first.slice(12)}`,
	);
	const named = `metaltune confirm ${first}`;
	expect(host.run("check").stdout).toContain(named);
	const refused = (change: string) => {
		const before = host.snapshot({ writes: true });
		const run = confirm(host, change);
		expect(diffTrees(before, host.snapshot({ writes: true }))).toEqual([]);
		return run;
	};
	expect(host.run("confirm").status).toBe(64);
	expect(refused("-")).toMatchObject({
		status: 67,
		stderr: expect.stringContaining(
			`the provisional change is ${first}, not -, so nothing`,
		),
	});
	// The same settings again, by another run; then what adds nothing to a provisional change.
	host.run("apply --rollback=600", { settings: rings(2048) });
	host.run("apply --rollback=600", { settings: rings(1024) });
	const second = changeOf(host);
	expect(refused(first).status).toBe(67);
	const more = [...rings(1024), ...settingsFromYaml(memory, "ksm: off")];
	host.run("apply --rollback=600", { settings: more });
	expect(refused(second).status).toBe(67);
	expect(has(host, provisional)).toBe(true);
	expect(confirm(host)).toMatchObject(done);
	expect(has(host, provisional)).toBe(false);
	// Confirmed before: what a second login says again changes nothing.
	expect(refused(second)).toMatchObject(done);
});

test("a key that cannot be reverted does not stop the revert of the others", () => {
	const host = timedHost();
	// The kernel refuses the first; only the write shows that.
	const refused = settingsFromYaml(sysctl, "net.ipv4.tcp_sack: 999");
	const run = host.run("apply --rollback=600", {
		settings: [...refused, ...rings(512)],
	});
	expect(run.status).toBe(65);
	expect(run.stderr).toMatch(
		/sysctl\.net\.ipv4\.tcp_sack, ethtool\.eth0\.rings\.rx: this host reverts to the settings from before in 600 s; to keep these, log in anew within that time and run `metaltune confirm [0-9a-f]{12}-[0-9a-f]{8}`/,
	);
	expect(host.run("rollback").status).toBe(0);
	expect(ringsOf(host)).toBe("256");
});

test("where HostReady follows, a key that is not in effect is left to it", () => {
	const host = timedHost();
	const before = host.snapshot();
	host.write("etc/sysctl.d/zzz.conf", "vm.swappiness=60\n");
	const overridden = settingsFromYaml(sysctl, "vm.swappiness: 7");
	const options = { settings: [...overridden, ...rings(512)] };
	const apply = "apply --ready-follows --rollback=600";
	expect(host.run(apply, options)).toMatchObject({
		status: 0,
		stderr: expect.stringContaining("HostReady says which, after a new login"),
	});
	expect(confirm(host)).toMatchObject(done);
	expect(ringsOf(host)).toBe("512");
	expect(has(host, provisional)).toBe(false);
	// With nothing that waits for a login, the run itself fails.
	expect(host.run(apply, options).status).toBe(65);
	host.remove("etc/sysctl.d/zzz.conf");
	expect(host.run("revert").status).toBe(0);
	host.install();
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("after a rollback, where HostReady follows, the record is of that one no more", () => {
	const host = timedHost();
	host.write("etc/sysctl.d/zzz.conf", "vm.swappiness=60\n");
	host.write(record, "no login confirmed it\n");
	const overridden = settingsFromYaml(sysctl, "vm.swappiness: 7");
	host.run("apply --ready-follows --rollback=600", {
		settings: [...overridden, ...rings(512)],
	});
	expect(has(host, record)).toBe(false);
});

test("a host that cannot set its timer is not changed", () => {
	const host = timedHost();
	const path = mkdtempSync(join(tmpdir(), "metaltune-command-"));
	writeFileSync(
		join(path, "systemd-run"),
		"#!/bin/sh\necho no bus >&2\nexit 1\n",
		{ mode: 0o755 },
	);
	const run = host.run("apply --rollback=600", { settings: rings(512), path });
	expect(run.status).not.toBe(0);
	expect(run.stderr).toContain("systemd-run failed: no bus");
	expect(ringsOf(host)).toBe("256");
	rmSync(path, { recursive: true });
});

test.each<[Distribution, string]>([
	["debian-12", "boot/grub"],
	["ubuntu-24.04", "boot/grub"],
	["el-9", "boot/grub2"],
	["el-10", "boot/grub2"],
])(
	"%s: a command line that boots stays, and one that does not is tried once",
	(distribution, grub) => {
		const host = timedHost(distribution);
		host.write(`${grub}/custom.cfg`, "set color_normal=green/black");
		const before = host.snapshot();
		expect(
			host.run("apply --rollback=600", { settings: isolated }),
		).toMatchObject(done);
		expect(host.read(`${grub}/custom.cfg`)).toMatch(
			/^set color_normal=green\/black\n[\s\S]*--id metaltune-previous [\s\S]*--id metaltune-provisional [\s\S]*isolcpus=8-15 panic=10\n/,
		);
		expect(host.read(`${grub}/metaltune.env`)).toHaveLength(1024);
		// Only a login after the reboot would prove anything.
		confirm(host);
		expect(host.read(provisional)).toMatch(/^# boot\t/);
		boot(host, distribution);
		expect(host.read("proc/cmdline")).toContain("isolcpus=");
		expect(has(host, provisional)).toBe(false);
		expect(host.read(`${grub}/custom.cfg`)).toBe(
			"set color_normal=green/black",
		);
		host.run("apply --rollback=600", { settings: panics });
		confirm(host);
		boot(host, distribution);
		expect(host.read("proc/cmdline")).toContain("isolcpus=");
		expect(host.read(record)).toMatch(
			/^the host did not come up with the new kernel command line .*lab_panic/,
		);
		expect(host.run("check").stdout).toMatch(/isolcpus.* ok\n/);
		expect(host.run("revert")).toMatchObject({ status: 0 });
		host.install();
		const boots = ["proc", "sys", "run", "swapfile"];
		expect(
			diffTrees(before, host.snapshot()).filter(
				(line) => !boots.some((name) => line.startsWith(name)),
			),
		).toEqual([]);
	},
);

const selected =
	"sys/firmware/efi/efivars/LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";

/** The EFI variables that a provisional boot entry sets. */
const efi = (host: FakeHost) =>
	["LoaderEntryDefault", "LoaderEntryOneShot"].filter((name) =>
		has(
			host,
			`sys/firmware/efi/efivars/${name}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f`,
		),
	);

const partition = (uuid: string) => `dev/disk/by-uuid/${uuid}`;

test.each<[Distribution, readonly string[]]>([
	["debian-12-systemd-boot", ["boot/efi"]],
	["proxmox-8", ["3F1A-77B0", "3F1B-90C4"].map(partition)],
])(
	"%s: a line that boots stays, and one that does not is tried once",
	(distribution, places) => {
		const host = timedHost(distribution);
		const before = host.snapshot();
		const entries = places.map((place) => `${place}/loader/entries/metaltune`);
		expect(
			host.run("apply --rollback=600", { settings: isolated }),
		).toMatchObject(done);
		for (const entry of entries) {
			expect(host.read(`${entry}-provisional.conf`)).toMatch(
				/^title metaltune: provisional\nlinux .*\ninitrd .*\noptions .* isolcpus=8-15 panic=10\n$/,
			);
			expect(host.read(`${entry}-previous.conf`)).toMatch(
				/^options root=\S+ .*\n$/m,
			);
			expect(host.read(`${entry}-previous.conf`)).not.toMatch(/isolcpus|panic/);
		}
		expect(efi(host)).toEqual(["LoaderEntryDefault", "LoaderEntryOneShot"]);
		// Only a login after the reboot would prove anything.
		confirm(host);
		expect(host.read(provisional)).toMatch(/^# boot\t/);
		boot(host, distribution);
		expect(host.read("proc/cmdline")).toMatch(/ isolcpus=8-15 panic=10\n$/);
		expect(has(host, provisional)).toBe(false);
		expect(efi(host)).toEqual([]);
		for (const entry of entries) {
			expect(has(host, `${entry}-provisional.conf`)).toBe(false);
			expect(has(host, `${entry}-previous.conf`)).toBe(false);
		}
		host.run("apply --rollback=600", { settings: panics });
		boot(host, distribution);
		expect(host.read("proc/cmdline")).toContain("isolcpus=");
		expect(host.read(record)).toMatch(
			/^the host did not come up with the new kernel command line .*lab_panic.*, so systemd-boot took/,
		);
		expect(efi(host)).toEqual([]);
		expect(host.run("check").stdout).toMatch(/isolcpus.* ok\n/);
		expect(host.run("revert")).toMatchObject({ status: 0 });
		host.install();
		const boots = ["proc", "sys", "run", "swapfile"];
		expect(
			diffTrees(before, host.snapshot()).filter(
				(line) => !boots.some((name) => line.startsWith(name)),
			),
		).toEqual([]);
	},
);

test("systemd-boot: a default that was set before comes back", () => {
	const host = timedHost("debian-12-systemd-boot");
	const path =
		"sys/firmware/efi/efivars/LoaderEntryDefault-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
	const text = [..."debian-*\0"].map((letter) => `${letter}\0`).join("");
	host.write(path, `\u0006\0\0\0${text}`);
	const before = host.snapshot();
	host.run("apply --rollback=600", { settings: isolated });
	expect(host.read(path)).not.toContain("d\0e\0b");
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	host.install();
	const changed = diffTrees(before, host.snapshot());
	expect(changed.filter((line) => !line.startsWith("run"))).toEqual([]);
});

test.each<[string, Distribution, { readonly [path: string]: string }, string]>([
	[
		"firmware that stores nothing",
		"debian-12-systemd-boot",
		{ ".lab/efi-readonly": "" },
		"bootctl could not set the entry that is booted once",
	],
	[
		"a kernel that no entry of Proxmox boots",
		"proxmox-8",
		{ "proc/sys/kernel/osrelease": "6.8.12-1-pve\n", [selected]: "x" },
		"the kernel that runs is in no entry of systemd-boot",
	],
])(
	"%s: the reason for no provisional boot is printed",
	(_, distribution, files, why) => {
		const host = timedHost(distribution);
		const before = host.snapshot();
		for (const [path, text] of Object.entries(files)) host.write(path, text);
		const run = host.run("apply --rollback=600", { settings: isolated });
		expect(run.status).toBe(0);
		expect(run.stderr).toContain("cannot be tried just once");
		expect(run.stderr).toContain(why);
		for (const path of Object.keys(files)) host.remove(path);
		expect(host.run("revert").status).toBe(0);
		host.install();
		const written = ["run", ...Object.keys(files)];
		const changed = diffTrees(before, host.snapshot()).filter(
			(line) => !written.some((path) => line.startsWith(path)),
		);
		expect(changed).toEqual([]);
	},
);

test("a boot whose confirmation was announced is reverted without one", async () => {
	const host = timedHost();
	host.run("apply --rollback=600", { settings: isolated });
	expect(host.run("reboot --rollback=1").status).toBe(0);
	boot(host);
	expect(host.read("proc/cmdline")).toContain("isolcpus=");
	await waitFor("the rollback", () => !has(host, provisional));
	expect(host.read(record)).toMatch(/^no login confirmed the new kernel/);
	expect(host.read("boot/grub/grub.cfg")).not.toContain("isolcpus");
	boot(host);
	expect(host.read("proc/cmdline")).not.toContain("isolcpus");
	expect(host.run("check").status).toBe(2);
});

test("GRUB that cannot write at the boot takes the line from before", () => {
	const host = timedHost();
	host.run("apply --rollback=600", { settings: isolated });
	host.write(".lab/grub-readonly", "");
	boot(host);
	expect(host.read("proc/cmdline")).not.toContain("isolcpus");
	expect(host.read(record)).toMatch(/^GRUB did not try the new kernel/);
});

test.each([
	["btrfs", { ".lab/grub-fs": "btrfs\n" }, "GRUB cannot write to /boot/grub"],
	["LVM", { ".lab/grub-abstraction": "lvm\n" }, "cannot write to /boot/grub"],
	[
		"another entry by default",
		{ "etc/default/grub.d/10-saved.cfg": "GRUB_DEFAULT=saved\n" },
		"GRUB boots saved by default, not the first entry of its menu",
	],
	[
		"a kernel that GRUB did not start",
		{
			"proc/cmdline": "BOOT_IMAGE=/vmlinuz-of-another-menu root=/dev/vda1 ro\n",
		},
		"is in no entry of the boot menu",
	],
])("%s: that there is no way back from a boot is said", (_, files, why) => {
	const host = timedHost();
	const before = host.snapshot();
	for (const [path, text] of Object.entries(files)) host.write(path, text);
	const run = host.run("apply --rollback=600", { settings: isolated });
	expect(run.status).toBe(0);
	expect(run.stderr).toContain(
		"metaltune: the new kernel command line cannot be tried just once: ",
	);
	expect(run.stderr).toContain(why);
	expect([...host.snapshot().keys()]).not.toContain("boot/grub/custom.cfg");
	expect(host.run("revert").status).toBe(0);
	host.install();
	const changed = /^(proc\/cmdline|run|etc\/default\/grub\.d\/10-saved)/;
	const left = diffTrees(before, host.snapshot());
	expect(left.filter((line) => !changed.test(line))).toEqual([]);
});

test("the line in effect reaches the boot menu as GRUB reads words", () => {
	const host = timedHost();
	const image = "BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64";
	host.write(
		"proc/cmdline",
		`${image} ro dyndbg="file * +p" x=$(reboot);y console=ttyS1,115200\n`,
	);
	host.run("apply --rollback=600", { settings: isolated });
	expect(host.read("boot/grub/custom.cfg")).toContain(
		"\tlinux /boot/vmlinuz-6.1.0-28-amd64 ro 'dyndbg=file * +p' 'x=$(reboot);y' console=ttyS1,115200\n",
	);
});

// As for tunables: METALTUNE_CUTS=all cuts at every step.
// Otherwise the boot loaders are cut at different ones.
const stride = process.env.METALTUNE_CUTS === "all" ? 1 : 7;

test.each<[Distribution, number]>([
	["debian-12", 1],
	["debian-12-systemd-boot", Math.ceil(stride / 2)],
	// Its steps are those of systemd-boot, and a mount: `npm run test:cuts` cuts them.
	...(stride === 1 ? [["proxmox-8", 1] satisfies [Distribution, number]] : []),
])(
	"%s: a power cut at any step: the next boot has the settings from before",
	(distribution, first) => {
		const power = powerCut();
		const start = timedHost(distribution);
		const before = start.snapshot();
		start.run("apply", { settings: rings(512) });
		const settings = [...rings(1024), ...isolated];
		const whole = endedAfterTest(start.clone());
		power.never();
		const options = { settings, path: power.path };
		expect(whole.run("apply --rollback=600", options).status).toBe(0);
		const steps = power.steps();
		expect(steps).toBeGreaterThan(20);
		for (let step = first; step <= steps; step += stride) {
			const host = endedAfterTest(start.clone());
			power.at(step);
			host.run("apply --rollback=600", options);
			expect(power.steps()).toBe(step);
			boot(host, distribution);
			// Out of a line that was booted meanwhile.
			if (has(host, ".lab/reboots")) boot(host, distribution);
			expect([step, ringsOf(host)]).toEqual([step, "512"]);
			expect(host.read("proc/cmdline")).not.toContain("isolcpus");
			expect(has(host, provisional)).toBe(false);
			expect(efi(host)).toEqual([]);
			expect(host.run("revert").status).toBe(0);
			host.install();
			expect(
				diffTrees(before, host.snapshot()).filter((line) =>
					/^(etc|boot|var|usr)\//.test(line),
				),
			).toEqual([]);
			endTimers(host);
			host.dispose();
		}
		power.dispose();
	},
	400_000,
);
