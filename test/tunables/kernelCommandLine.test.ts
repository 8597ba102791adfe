import { expect, test } from "@jest/globals";
import { type Distribution, layouts } from "../../lab/light/tree/distributions";
import { kernelCommandLine } from "../../tunables/kernelCommandLine";
import { settingsFromYaml } from "../support/inventory";
import { describeTunable, type TunableCase } from "../support/tunableContract";

const cmdline = "proc/cmdline";
const isolated = "sys/devices/system/cpu/isolated";
const nohzFull = "sys/devices/system/cpu/nohz_full";
const pending = {
	"kernelCommandLine.isolcpus": "pendingReboot",
	"kernelCommandLine.nohz_full": "pendingReboot",
	"kernelCommandLine.rcu_nocbs": "pendingReboot",
} as const;
const isolation = `
isolcpus: managed_irq,domain,8-15
nohz_full: 8-15
rcu_nocbs: 8-15
`;
const image = "BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64";
const booted = `${image} root=/dev/vda1 ro nohz_full=8-15 rcu_nocbs=8-15`;
const whole = `${booted} isolcpus=managed_irq,domain,8-15\n`;

/** A host that has been rebooted into what is declared. */
const effective = {
	[cmdline]: whole,
	[isolated]: "8-15\n",
	[nohzFull]: "8-15\n",
};

/** Text of the files of an untouched host whose path matches. */
function filesOf(
	distribution: Distribution,
	path: RegExp,
): { readonly [path: string]: string } {
	const nodes = Object.entries(layouts[distribution].files());
	return Object.fromEntries(
		nodes.flatMap(([name, node]) =>
			path.test(name) && "text" in node ? [[name, node.text]] : [],
		),
	);
}

function rescueOf(distribution: Distribution) {
	return filesOf(distribution, /entries\/.*-0-rescue\.conf$/);
}

function grubenvOf(distribution: Distribution): string {
	return Object.values(filesOf(distribution, /grubenv$/)).join("");
}

/** What the entry that grubby lists last says. */
function optionsOf(distribution: Distribution): string {
	const [text = ""] = Object.entries(filesOf(distribution, /entries\//))
		.toSorted(([a], [b]) => a.localeCompare(b))
		.map(([, entry]) => entry);
	return /^options (.*)$/m.exec(text)?.[1] ?? "";
}

describeTunable(kernelCommandLine, [
	{
		name: "isolation on Debian",
		yaml: isolation,
		after: {},
		verdicts: pending,
		shrunk: { yaml: "nohz_full: 8-15", restores: {} },
	},
	...(["ubuntu-22.04", "ubuntu-24.04", "el-9", "el-10"] as const).map(
		(distribution): TunableCase => ({
			name: `isolation on ${distribution}`,
			distribution,
			yaml: isolation,
			after: {},
			verdicts: pending,
			shrunk: { yaml: "nohz_full: 8-15", restores: {} },
		}),
	),
	...(["debian-12-systemd-boot", "proxmox-8"] as const).map(
		(distribution): TunableCase => ({
			name: `isolation on ${distribution}`,
			distribution,
			cuts: true,
			yaml: isolation,
			after: {},
			verdicts: pending,
			shrunk: { yaml: "nohz_full: 8-15", restores: {} },
		}),
	),
	{
		name: "grubby: what was there in another place, and the rescue entry",
		distribution: "el-9",
		cuts: true,
		yaml: "{crashkernel: 512M, rd.lvm.lv: false, quiet: true}",
		after: rescueOf("el-9"),
		verdicts: {
			"kernelCommandLine.crashkernel": "pendingReboot",
			"kernelCommandLine.quiet": "pendingReboot",
			"kernelCommandLine.rd.lvm.lv": "pendingReboot",
		},
		shrunk: { yaml: "quiet: true", restores: rescueOf("el-9") },
	},
	{
		name: "grubby: without a source for kernels to come, which it then makes",
		distribution: "el-10",
		yaml: "quiet: true",
		before: { "etc/kernel/cmdline": undefined },
		after: {
			"etc/kernel/cmdline": `${optionsOf("el-10")} quiet\n`,
		},
		verdicts: { "kernelCommandLine.quiet": "pendingReboot" },
	},
	{
		name: "TuneD adds a parameter as well",
		distribution: "el-10",
		yaml: "isolcpus: 8-15",
		before: {
			"boot/grub2/grubenv": `${grubenvOf("el-10")}tuned_params=nohz=on isolcpus=2-3\n`,
		},
		after: {},
		verdicts: { "kernelCommandLine.isolcpus": "liveDrift" },
		fails:
			/isolcpus: TuneD adds it to every boot too[\s\S]*isolcpus +8-15 +absent +(?:8-15 2-3|2-3 8-15) +liveDrift/,
	},
	{
		name: "isolation in effect after the reboot",
		yaml: isolation,
		before: effective,
		after: effective,
		drifts: [
			{
				name: "the same CPUs in another spelling are no drift",
				change: { [cmdline]: whole.replaceAll("8-15", "8,9,10-15") },
				finds: {},
				stays: true,
			},
			{
				name: "a second, conflicting value",
				change: { [cmdline]: whole.replace("\n", " rcu_nocbs=8-14\n") },
				finds: { "kernelCommandLine.rcu_nocbs": "pendingReboot" },
				stays: true,
			},
			{
				name: "text after -- is not the kernel's",
				change: {
					[cmdline]: whole.replace("rcu_nocbs", "-- rcu_nocbs"),
				},
				finds: {
					"kernelCommandLine.rcu_nocbs": "pendingReboot",
					"kernelCommandLine.isolcpus": "pendingReboot",
				},
				stays: true,
			},
			{
				name: "a kernel that took other CPUs than it was told",
				change: { [nohzFull]: "9-15\n" },
				finds: { "kernelCommandLine.nohz_full": "pendingReboot" },
				stays: true,
			},
			{
				name: "a kernel that is built without RCU offloading",
				change: {
					[`boot/config-${layouts["debian-12"].kernel}`]:
						"CONFIG_NO_HZ_FULL=y\n",
				},
				finds: { "kernelCommandLine.rcu_nocbs": "pendingReboot" },
				stays: true,
			},
			{
				name: "a kernel that ignored the parameter",
				change: { [nohzFull]: "  (null)\n", [isolated]: "\n" },
				finds: {
					"kernelCommandLine.nohz_full": "pendingReboot",
					"kernelCommandLine.isolcpus": "pendingReboot",
				},
				stays: true,
			},
		],
	},
	{
		name: "flags, removals, repeated and quoted parameters",
		yaml: `
nosoftlockup: true
quiet: false
console: [tty0, "ttyS1,115200"]
skew_tick: 1
`,
		before: {
			"etc/default/grub":
				'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="skew_tick=0 quiet dyndbg=\\"file * +p\\""\n',
			"etc/default/grub.d/50-cloudimg-settings.cfg":
				'GRUB_CMDLINE_LINUX_DEFAULT="quiet console=ttyS0"\n',
			[cmdline]: `${image} root=/dev/vda1 ro dyndbg="file * +p" nosoftlockup console=tty0 console=ttyS1,115200 skew-tick=1\n`,
		},
		after: {},
	},
	{
		name: "a file that assigns the variable after ours",
		yaml: "isolcpus: 8-15",
		before: {
			...effective,
			"etc/default/grub.d/zzz.cfg": 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
		},
		after: {},
		verdicts: { "kernelCommandLine.isolcpus": "liveDrift" },
		fails:
			/kernelCommandLine\.isolcpus +8-15 +managed_irq,domain,8-15 +absent \(\/etc\/default\/grub\.d\/zzz\.cfg:1\) +liveDrift/,
	},
	{
		name: "a menu that is not made of boot entries",
		distribution: "el-9",
		yaml: "quiet: true",
		before: { "boot/grub2/grub.cfg": "menuentry 'Rocky Linux' {\n}\n" },
		after: {},
		verdicts: { "kernelCommandLine.quiet": "unreadable" },
		fails:
			/GRUB does not read the boot entries that grubby changes; set GRUB_ENABLE_BLSCFG=true/,
	},
	{
		name: "a host without a boot loader we know",
		yaml: "isolcpus: managed_irq,domain,8-15",
		before: { ...effective, "etc/default/grub": undefined },
		after: {},
		verdicts: { "kernelCommandLine.isolcpus": "unreadable" },
		fails:
			/unreadable \(no supported boot loader: expected update-grub, grubby or systemd-boot\)/,
	},
]);

/** Every second CPU below `end`, written one by one. */
function odd(end: number): string {
	const count = Math.ceil(end / 2);
	return Array.from({ length: count }, (_, i) => 2 * i + 1).join(",");
}

test.each([
	["isolcpus", '"managed_irq,1-511:1/2"', "managed_irq,1-511:1/2"],
	["nohz_full", '"3,2,1"', "1-3"],
	["systemd.cpu_affinity", "0-6:1/2", "0,2,4,6"],
	["default_hugepagesz", "1GB", "1G"],
	["log_buf_len", "0x400000", "4M"],
	["mem", "nopentium", "nopentium"],
])("%s: %s is %s on the line", (key, typed, value) => {
	const [setting] = settingsFromYaml(kernelCommandLine, `${key}: ${typed}`);
	expect(setting).toMatchObject({ key, value });
});

test.each([
	["hugepagesz: 1G", /expected pages of a size under tuning\.hugePages, as/],
	["isolcpus: managed_irq", /expected at least one CPU, got none/],
	["isolcpus: noirq,2-7", /expected CPUs such as 8-15, after any of domain/],
	["nohz_full: 7-2", /expected a range that ascends/],
	["rcu_nocbs: all", /expected a CPU list such as 0-3,8.* before 5\.12/],
	["irqaffinity: 0-N", /expected a CPU list such as 0-3,8.* before 5\.12/],
	["nohz-full: 7-2", /expected a range that ascends/],
	["{nohz-full: 2-7, nohz_full: 2-7}", /as one parameter; remove one/],
	["workqueue.unbound_cpus: f", /expected a CPU list such as 0-3,8/],
	[`isolcpus: "${odd(1023)}"\nnohz_full: "${odd(1023)}"`, /at most 2047 bytes/],
	["init: '/bin/sh\"; reboot'", /letters, digits and .* only/],
	["quiet: $(reboot)", /letters, digits and .* only/],
	["'a b': 1", /expected the name of a kernel parameter such as isolcpus/],
	["quiet: {a: 1}", /expected true or false or a list/],
	["[isolcpus]", /expected a map from the name of a kernel parameter/],
])("refuses %s", (yaml, message) => {
	expect(() => settingsFromYaml(kernelCommandLine, yaml)).toThrow(message);
});
