/** fstab and mount options as mount(8) and the kernel read them. */
import { describe, expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import { type Setting, settingId } from "../../model/settings";
import { caseHost, caseSpecs } from "../support/caseHost";
import type { FakeHost } from "../support/hostRun";

function settingsOf(name: string, tuning?: string): readonly Setting[] {
	return caseSpecs(name, tuning).flatMap(({ settings }) => settings);
}

function verdicts(host: FakeHost, settings: readonly Setting[]) {
	const { stdout } = host.run("probe", { settings });
	return Object.fromEntries(
		parseReport(stdout, settings).findings.map(({ setting, verdict }) => [
			settingId(setting),
			verdict,
		]),
	);
}

const done = { status: 0, stderr: "" };

describe.each([
	[
		"fstab-quoted-uuid",
		{ "dev/disk/by-uuid/86b319d7-1faa-1234-a123-8731211cc4a0": "" },
	],
	[
		"fstab-slash-comment",
		{ "dev/mapper/raid-raidlv": "", "dev/nvme0n1p3": "" },
	],
	["fstab-label-escape", { "dev/disk/by-label/data": "" }],
])("%s", (name, devices) => {
	test("the line that is there is the declared one", () => {
		const host = caseHost(name);
		for (const [path, text] of Object.entries(devices)) host.write(path, text);
		const settings = settingsOf(name);
		const fstab = host.read("etc/fstab");
		// Nothing is mounted yet, and the boot layer is right.
		expect(Object.values(verdicts(host, settings))).toEqual(
			settings.map(() => "liveDrift"),
		);
		expect(host.run("apply", { settings })).toMatchObject(done);
		expect(host.read("etc/fstab")).toBe(fstab);
		expect(Object.values(verdicts(host, settings))).toEqual(
			settings.map(() => "ok"),
		);
		expect(host.run("revert")).toMatchObject(done);
		expect(host.read("etc/fstab")).toBe(fstab);
	});
});

test("sizes of tmpfs in percent and in blocks", () => {
	const host = caseHost("tmpfs-percent");
	const settings = settingsOf("tmpfs-percent");
	const memory = Number(
		/MemTotal: *(\d+)/.exec(host.read("proc/meminfo"))?.[1],
	);
	const tenth = Math.ceil(memory / 10 / 4) * 4;
	host.write(
		"proc/mounts",
		`${host.read("proc/mounts")}tmpfs /mnt/half tmpfs rw,relatime,mode=1777,inode64 0 0
tmpfs /mnt/part tmpfs rw,relatime,size=${tenth}k,nr_inodes=1048576,inode64 0 0
tmpfs /mnt/blocks tmpfs rw,relatime,size=2048k,inode64 0 0
`,
	);
	const mounted = host.read("proc/mounts");
	expect(host.run("apply", { settings })).toMatchObject(done);
	expect(host.read("proc/mounts")).toBe(mounted);
	expect(Object.values(verdicts(host, settings))).toEqual(["ok", "ok", "ok"]);
});

describe("others change fstab after apply", () => {
	const name = "fstab-slash-comment";
	const tuned = () => {
		const host = caseHost(name);
		host.write("etc/fstab", "/dev/nvme0n1p1 / ext4 errors=remount-ro 0 1\n");
		const settings = settingsOf(
			name,
			"mounts: {/mnt/log: {device: tmpfs, type: tmpfs, options: size=1g}}",
		);
		expect(host.run("apply", { settings })).toMatchObject(done);
		return { host, settings };
	};
	const theirs = "none /mnt/log tmpfs size=2g 0 0\n";

	test("a line of theirs: drift names it, revert leaves it and succeeds", () => {
		const { host, settings } = tuned();
		host.write("etc/fstab", `${host.read("etc/fstab")}${theirs}`);
		expect(verdicts(host, settings)).toEqual({
			"mounts./mnt/log": "bootDrift",
		});
		const applied = host.run("apply", { settings });
		expect(applied.status).toBe(65);
		expect(applied.stderr).toContain(
			"fstab has another line for it: none /mnt/log tmpfs size=2g",
		);
		const { status, stderr } = host.run("revert");
		expect(status).toBe(0);
		expect(stderr).toContain(
			"has a line of others for it now, which stays: none /mnt/log",
		);
		expect(host.read("etc/fstab")).toBe(
			`/dev/nvme0n1p1 / ext4 errors=remount-ro 0 1\n${theirs}`,
		);
	});

	test("an equivalent line of theirs is enough", () => {
		const { host, settings } = tuned();
		const same = "none /mnt/log tmpfs defaults,size=1048576k 0 0\n";
		host.write("etc/fstab", `${same}${host.read("etc/fstab")}`);
		expect(host.run("apply", { settings })).toMatchObject(done);
		expect(verdicts(host, settings)).toEqual({ "mounts./mnt/log": "ok" });
	});

	test("the last marker removed: no line of theirs is lost", () => {
		const { host, settings } = tuned();
		const without = host
			.read("etc/fstab")
			.replace(/^# metaltune: end\n/m, "/dev/sdb1 /srv ext4 noatime 0 2\n");
		host.write("etc/fstab", without);
		host.write("proc/mounts", `${host.read("proc/mounts")}`);
		expect(
			host.run("apply", {
				settings: [
					...settings,
					...settingsOf(name, "mounts: {/mnt/b: {device: tmpfs, type: tmpfs}}"),
				],
			}),
		).toMatchObject(done);
		expect(host.read("etc/fstab")).toContain("/dev/sdb1 /srv ext4 noatime");
		expect(host.run("revert")).toMatchObject(done);
		expect(host.read("etc/fstab")).toBe(
			"/dev/nvme0n1p1 / ext4 errors=remount-ro 0 1\n/dev/sdb1 /srv ext4 noatime 0 2\n",
		);
	});
});
