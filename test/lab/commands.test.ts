/** The fake commands that change files, mounts, swap, units and boot menus. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Distribution,
	distributions,
	layouts,
} from "../../lab/light/tree/distributions";
import { diffTrees, snapshotTree } from "../support/tree";
import { makeTree, type Tree } from "./fakes";

const trees: Tree[] = [];
function tree(distribution?: Distribution): Tree {
	const made = makeTree(distribution);
	trees.push(made);
	return made;
}
afterEach(() => {
	for (const made of trees.splice(0)) {
		made.remove();
	}
});

describe("update-grub", () => {
	const menuLines = (host: Tree): readonly string[] =>
		host
			.read("boot/grub/grub.cfg")
			.split("\n")
			.filter((line) => /^\s*linux\s/.test(line))
			.map((line) => line.trim().replace(/^.* ro /, ""));

	test("writes again what the fixture has", () => {
		const host = tree();
		const before = snapshotTree(host.root);
		expect(host.sh("update-grub").status).toBe(0);
		expect(diffTrees(before, snapshotTree(host.root))).toEqual([]);
	});

	test("sources drop-ins in order; recovery has LINUX only", () => {
		const host = tree();
		const directory = join(host.root, "etc/default/grub.d");
		writeFileSync(
			join(directory, "zz-last.cfg"),
			'GRUB_CMDLINE_LINUX="nosmt"\nGRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT isolcpus=2-7"\n',
		);
		writeFileSync(join(directory, "zz-ignored.txt"), "exit 1\n");
		host.sh("update-grub");
		const normal = "nosmt console=tty0 console=ttyS0 isolcpus=2-7";
		expect(menuLines(host)).toEqual([normal, normal, "single nosmt"]);
	});

	test("fails on a broken drop-in and leaves the menu alone", () => {
		const host = tree();
		const before = host.read("boot/grub/grub.cfg");
		writeFileSync(
			join(host.root, "etc/default/grub.d/bad.cfg"),
			'X="unfinished\n',
		);
		expect(host.sh("update-grub").status).not.toBe(0);
		expect(host.read("boot/grub/grub.cfg")).toBe(before);
	});

	test("is not there on EL", () => {
		expect(tree("el-9").sh("update-grub").status).toBe(127);
	});
});

test.each(distributions)("%s boots the line that it runs", (distribution) => {
	const host = tree(distribution);
	const line = host.read("proc/cmdline");
	const pristine = tree(distribution);
	const boot = join(__dirname, "../../lab/light/boot");
	expect(host.sh(`'${boot}' "$ROOT" '${pristine.root}'`)).toEqual({
		status: 0,
		output: "",
	});
	expect(host.read("proc/cmdline")).toBe(line);
	expect(host.read("proc/sys/kernel/random/boot_id")).not.toBe(
		pristine.read("proc/sys/kernel/random/boot_id"),
	);
});

describe("grubby", () => {
	const args = (host: Tree): readonly string[] =>
		host
			.sh("grubby --info=ALL")
			.output.split("\n")
			.filter((line) => line.startsWith("args="));

	test.each(["el-9", "el-10"] as const)(
		"%s: changes every entry and its sources, and back to the byte",
		(distribution) => {
			const host = tree(distribution);
			const before = snapshotTree(host.root);
			host.sh('grubby --update-kernel=ALL --args="isolcpus=2-7 nosmt"');
			expect(args(host).length).toBeGreaterThan(1);
			for (const line of args(host)) {
				expect(line).toMatch(/ isolcpus=2-7 nosmt"$/);
			}
			expect(host.read("etc/kernel/cmdline")).toMatch(/ isolcpus=2-7 nosmt$/);
			expect(host.read("etc/default/grub")).toMatch(/ isolcpus=2-7 nosmt"$/m);
			host.sh('grubby --update-kernel=ALL --remove-args="isolcpus nosmt"');
			expect(diffTrees(before, snapshotTree(host.root))).toEqual([]);
		},
	);

	// What EL 9's own does; see lab/light/README.md.
	test("moves a key to the end, all its values; a removal with a value wants that value", () => {
		const host = tree("el-9");
		host.sh(
			'grubby --update-kernel=ALL --args="crashkernel=auto quiet console=tty0 console=ttyS0"',
		);
		host.sh('grubby --update-kernel=ALL --remove-args="crashkernel=512M"');
		expect(args(host)[0]).toBe(
			'args="ro rd.lvm.lv=rl/root crashkernel=auto quiet console=tty0 console=ttyS0"',
		);
		host.sh('grubby --update-kernel=ALL --args="console=ttyS1"');
		expect(args(host)[0]).toBe(
			'args="ro rd.lvm.lv=rl/root crashkernel=auto quiet console=ttyS1"',
		);
	});

	test("makes the source of kernels to come from the last entry", () => {
		const host = tree("el-10");
		host.sh('rm "$ROOT/etc/kernel/cmdline"');
		host.sh('grubby --update-kernel=ALL --args="isolcpus=2-7"');
		expect(host.read("etc/kernel/cmdline")).toMatch(
			/^root=UUID=.*crashkernel=.* \$tuned_params isolcpus=2-7$/,
		);
	});

	test("finds a kernel by where GRUB finds it", () => {
		const found = (distribution: Distribution, path: string) =>
			tree(distribution).sh(`grubby --info=${path}`).status;
		const { kernel } = layouts["el-9"];
		expect(found("el-9", `/vmlinuz-${kernel}`)).toBe(0);
		expect(found("el-9", `/boot/vmlinuz-${kernel}`)).toBe(0);
		const own = layouts["el-10"].kernel;
		expect(found("el-10", `/boot/vmlinuz-${own}`)).toBe(0);
		expect(found("el-10", `/boot/boot/vmlinuz-${own}`)).toBe(1);
	});

	test("is not there on Debian", () => {
		expect(tree().sh("grubby --info=ALL").status).toBe(127);
	});
});

describe("mount and swap", () => {
	test("a huge page mount appears, may be busy, and goes", () => {
		const host = tree();
		const mount =
			'mount -t hugetlbfs -o pagesize=1G none "$ROOT/mnt/hugepages"';
		expect(host.sh(mount).status).toBe(32);
		mkdirSync(join(host.root, "mnt/hugepages"));
		const before = snapshotTree(host.root);
		expect(host.sh(mount)).toEqual({ status: 0, output: "" });
		expect(host.read("proc/mounts").split("\n").at(-1)).toBe(
			"none /mnt/hugepages hugetlbfs rw,relatime,pagesize=1024M 0 0",
		);
		writeFileSync(join(host.root, ".lab/busy"), "/mnt/hugepages\n");
		const umount = 'umount "$ROOT/mnt/hugepages"';
		expect(host.sh(umount).output).toContain("target is busy");
		host.sh('rm "$ROOT/.lab/busy"');
		expect(host.sh(umount).status).toBe(0);
		expect(host.sh(umount).output).toContain("not mounted");
		expect(diffTrees(before, snapshotTree(host.root))).toEqual([]);
	});

	test("swapoff and swapon are each other's opposite", () => {
		const host = tree();
		const before = snapshotTree(host.root);
		expect(host.sh('swapoff "$ROOT/swapfile"').status).toBe(0);
		expect(host.read("proc/swaps").split("\n")).toHaveLength(1);
		expect(host.read("proc/meminfo")).toMatch(/^SwapTotal: +0 kB$/m);
		expect(host.sh('swapoff "$ROOT/swapfile"').status).toBe(4);
		expect(host.sh('swapon "$ROOT/swapfile"').status).toBe(0);
		expect(host.sh('swapon "$ROOT/swapfile"').status).toBe(255);
		expect(diffTrees(before, snapshotTree(host.root))).toEqual([]);
	});
});

describe("systemctl", () => {
	test("enable, disable and mask are what is-enabled says", () => {
		const host = tree();
		const before = snapshotTree(host.root);
		const state = (): string =>
			host.sh("systemctl is-enabled irqbalance").output;
		expect(state()).toBe("enabled");
		host.sh("systemctl disable --now irqbalance");
		expect(state()).toBe("disabled");
		expect(host.sh("systemctl is-active irqbalance").status).toBe(3);
		host.sh("systemctl mask irqbalance");
		expect(state()).toBe("masked");
		expect(host.sh("systemctl start irqbalance").output).toContain("masked");
		host.sh("systemctl unmask irqbalance && systemctl enable --now irqbalance");
		expect(diffTrees(before, snapshotTree(host.root))).toEqual([]);
	});

	test("an unknown unit is an error, not disabled", () => {
		const done = tree().sh("systemctl is-enabled nothing.service");
		expect(done.status).toBe(1);
		expect(done.output).toContain("No such file or directory");
	});

	test("stopping a systemd-run timer keeps its command from running", () => {
		const host = tree();
		host.sh(
			'systemd-run --on-active=600 --unit=later -- touch "$ROOT/tmp/ran"',
		);
		const pid = host.read(".lab/transient/later.timer");
		expect(host.sh("systemctl is-active later.timer").output).toBe("active");
		expect(host.sh("systemctl stop later.timer").status).toBe(0);
		expect(host.sh("systemctl is-active later.timer").status).toBe(3);
		// Ended, or a zombie where nothing reaps orphans.
		const gone = `while grep -qs '^State:.[^ZX]' /proc/${pid}/status; do sleep 0.01; done`;
		expect(host.sh(gone).status).toBe(0);
	});

	test("reboot is counted", () => {
		const host = tree();
		host.sh("systemctl reboot; systemctl reboot");
		expect(host.read(".lab/reboots")).toBe("2");
	});
});

describe("the rest", () => {
	test("sudo runs the command, or asks for the password", () => {
		const host = tree();
		expect(host.sh("sudo -n -- echo yes").output).toBe("yes");
		writeFileSync(join(host.root, ".lab/sudo-needs-password"), "");
		expect(host.sh("sudo -n -- echo yes")).toEqual({
			status: 1,
			output: "sudo: a password is required",
		});
	});

	test("uname -r is the tree's", () => {
		expect(tree("el-9").sh("uname -r").output).toBe(
			"5.14.0-503.11.1.el9_5.x86_64",
		);
		expect(tree().sh("uname -s").output).toBe("Linux");
	});

	test.each(["sysctl -w vm.swappiness=1", "reboot", "shutdown -r now"])(
		"%s is refused",
		(line) => {
			expect(tree().sh(line).output).toContain("refused");
		},
	);

	test("no link in the tree leads out of it", () => {
		for (const distribution of distributions) {
			const links = [...snapshotTree(tree(distribution).root)].filter(
				([, entry]) => entry.type === "link",
			);
			expect(links.length).toBeGreaterThan(3);
			expect(
				links.filter(([, entry]) => entry.content.startsWith("/")),
			).toEqual([]);
		}
	});

	test("an appended line shows in the snapshot's difference", () => {
		const host = tree();
		const before = snapshotTree(host.root);
		appendFileSync(join(host.root, "etc/fstab"), "more\n");
		mkdirSync(join(host.root, "mnt/new"));
		expect(diffTrees(before, snapshotTree(host.root))).toEqual([
			'etc/fstab: line 3 was "", is "more"',
			"mnt/new: appeared",
		]);
	});
});
