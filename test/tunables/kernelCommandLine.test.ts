import { layouts } from "../../lab/light/tree/distributions";
import { kernelCommandLine } from "../../tunables/kernelCommandLine";
import { describeTunable } from "../support/tunableContract";

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
const booted = "root=/dev/vda1 ro nohz_full=8-15 rcu_nocbs=8-15";
const whole = `${booted} isolcpus=managed_irq,domain,8-15\n`;

/** A host that has been rebooted into what is declared. */
const effective = {
	[cmdline]: whole,
	[isolated]: "8-15\n",
	[nohzFull]: "8-15\n",
};

describeTunable(kernelCommandLine, [
	{
		name: "isolation on Debian",
		yaml: isolation,
		after: {},
		verdicts: pending,
		shrunk: { yaml: "nohz_full: 8-15", restores: {} },
	},
	{
		name: "isolation on RHEL",
		distribution: "el-9",
		yaml: isolation,
		after: {},
		verdicts: pending,
		shrunk: { yaml: "nohz_full: 8-15", restores: {} },
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
			[cmdline]:
				'root=/dev/vda1 ro dyndbg="file * +p" nosoftlockup console=tty0 console=ttyS1,115200 skew-tick=1\n',
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
			/kernelCommandLine\.isolcpus +8-15 +managed_irq,domain,8-15 +absent +liveDrift/,
	},
	{
		name: "a host without a boot loader we know",
		yaml: "isolcpus: managed_irq,domain,8-15",
		before: { ...effective, "etc/default/grub": undefined },
		after: {},
		verdicts: { "kernelCommandLine.isolcpus": "unreadable" },
		fails:
			/unreadable \(no supported boot loader: expected update-grub or grubby\)/,
	},
]);
