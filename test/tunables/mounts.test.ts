import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { mounts } from "../../tunables/mounts";
import { settingsFromYaml } from "../support/inventory";
import { newHost } from "../support/newHost";
import { describeTunable } from "../support/tunableContract";

const fstab = "etc/fstab";
const theirs = "/dev/nvme0n1p1 / ext4 errors=remount-ro 0 1";
const ours = (lines: string) => `${theirs}
# metaltune: begin; changes up to "end" are overwritten
${lines}
# metaltune: end
`;
const live = (line: string) => `/dev/nvme0n1p1 / ext4 rw,relatime 0 0
${line}
`;
const proc = { "proc/mounts": live("tmpfs /run tmpfs rw 0 0") };

describeTunable(mounts, [
	{
		name: "a tmpfs, and no newline at the end of fstab",
		yaml: "/mnt/log: {device: tmpfs, type: tmpfs, options: 'size=1g,mode=0750,nodev,noatime,nofail'}",
		before: { ...proc, [fstab]: theirs },
		after: {
			[fstab]: ours(
				"tmpfs /mnt/log tmpfs size=1g,mode=0750,nodev,noatime,nofail 0 0",
			),
			"proc/mounts": `${proc["proc/mounts"]}tmpfs /mnt/log tmpfs rw,nodev,noatime,size=1048576k,mode=750 0 0\n`,
		},
		drifts: [
			{
				name: "another size",
				change: {
					"proc/mounts": live(
						"tmpfs /run tmpfs rw 0 0\ntmpfs /mnt/log tmpfs rw,nodev,noatime,size=1048572k,mode=750 0 0",
					),
				},
				finds: { "mounts./mnt/log": "liveDrift" },
			},
			{
				name: "a line that is gone",
				change: { [fstab]: `${theirs}\n` },
				finds: { "mounts./mnt/log": "bootDrift" },
			},
			{
				name: "a line with other options",
				change: { [fstab]: ours("tmpfs /mnt/log tmpfs nodev 0 0") },
				finds: { "mounts./mnt/log": "bootDrift" },
			},
		],
		shrunk: {
			yaml: "/mnt/other: {device: tmpfs, type: tmpfs}",
			restores: {
				"proc/mounts": `${proc["proc/mounts"]}tmpfs /mnt/other tmpfs rw,relatime 0 0\n`,
				[fstab]: ours("tmpfs /mnt/other tmpfs defaults 0 0"),
			},
		},
	},
	{
		name: "a disk that the operator's line already mounts, by another name",
		yaml: "/mnt/data: {device: /dev/nvme0n1p2, type: ext4, options: 'noatime,rw'}",
		before: {
			...proc,
			"dev/nvme0n1p2": "",
			[fstab]: `${theirs}\n/dev/../dev/nvme0n1p2 /mnt/data ext4 rw,noatime 0 2\n`,
		},
		after: {
			[fstab]: `${theirs}\n/dev/../dev/nvme0n1p2 /mnt/data ext4 rw,noatime 0 2\n`,
			"proc/mounts": `${proc["proc/mounts"]}/dev/nvme0n1p2 /mnt/data ext4 rw,noatime 0 0\n`,
		},
	},
	{
		name: "a mount that takes the place of another",
		yaml: "/mnt/data: {device: /dev/nvme0n1p2, type: ext4}",
		before: {
			"dev/nvme0n1p2": "",
			"mnt/data/.keep": "",
			"proc/mounts": live("tmpfs /mnt/data tmpfs rw,relatime 0 0"),
		},
		after: {
			"proc/mounts": live("/dev/nvme0n1p2 /mnt/data ext4 rw,relatime 0 0"),
		},
	},
	{
		name: "a device that is not there",
		yaml: "/mnt/data: {device: UUID=0-0, type: ext4}",
		before: { [fstab]: theirs },
		after: { [fstab]: theirs },
		verdicts: { "mounts./mnt/data": "liveDrift" },
		fails: /\/mnt\/data: there is no \/dev\/disk\/by-uuid\/0-0[\s\S]*liveDrift/,
	},
	{
		name: "an operator's line that says otherwise",
		yaml: "/mnt/log: {device: tmpfs, type: tmpfs}",
		before: { [fstab]: `${theirs}\ntmpfs /mnt/log tmpfs size=1g 0 0\n` },
		after: { [fstab]: `${theirs}\ntmpfs /mnt/log tmpfs size=1g 0 0\n` },
		verdicts: { "mounts./mnt/log": "bootDrift" },
		fails: /fstab has another line for it: tmpfs \/mnt\/log tmpfs size=1g/,
	},
	{
		name: "a mount that a process uses",
		yaml: "/mnt/data: {device: tmpfs, type: tmpfs, options: size=1g}",
		before: {
			".lab/busy": "/mnt/data\n",
			"mnt/data/.keep": "",
			"proc/mounts": live("tmpfs /mnt/data tmpfs rw,relatime 0 0"),
		},
		after: { "proc/mounts": live("tmpfs /mnt/data tmpfs rw,relatime 0 0") },
		verdicts: { "mounts./mnt/data": "liveDrift" },
		fails: /umount: .*target is busy\.[\s\S]*in use by a process that cannot/,
	},
]);

test("a mount in use: the message says by whom", () => {
	const host = newHost();
	host.install();
	const settings = settingsFromYaml(
		mounts,
		"/mnt/data: {device: tmpfs, type: tmpfs, options: size=1g}",
	);
	host.write("proc/mounts", live("tmpfs /mnt/data tmpfs rw,relatime 0 0"));
	host.write(".lab/busy", "/mnt/data\n");
	for (const [pid, name, cwd] of [
		["4242", "postgres", "/mnt/data/base"],
		["4243", "sshd", "/mnt/database"],
	] as const) {
		host.write(`proc/${pid}/comm`, `${name}\n`);
		symlinkSync(cwd, join(host.root, `proc/${pid}/cwd`));
	}
	const { status, stderr } = host.run("apply", { settings });
	expect(status).toBe(65);
	expect(stderr).toContain("mounts /mnt/data: in use by postgres(4242); stop");
	expect(stderr).not.toContain("sshd");
});

test.each([
	["type: hugetlbfs, device: none", /declare it as hugePages\.mounts/],
	["type: swap, device: /dev/sda2", /got swap, which is not mounted/],
	["type: ext4, device: 'a b'", /expected a device/],
])("refuses {%s}", (section, message) => {
	expect(() => settingsFromYaml(mounts, `/mnt/x: {${section}}`)).toThrow(
		message,
	);
});
