import { irqbalance } from "../../tunables/irqbalance";
import { settingsFromYaml } from "../support/inventory";
import { newHost } from "../support/newHost";
import { describeTunable } from "../support/tunableContract";

const active = ".lab/active/irqbalance.service";
const process = "proc/812";
const wanted = "etc/systemd/system/multi-user.target.wants/irqbalance.service";
const debian = "etc/default/irqbalance";
const ours =
	"IRQBALANCE_BANNED_CPULIST=8-15\nIRQBALANCE_BANNED_CPUS=0000ff00\n";

describeTunable(irqbalance, [
	{
		name: "off",
		yaml: "off",
		after: {
			"etc/systemd/system/irqbalance.service": "/dev/null",
			[`${process}/environ`]: undefined,
		},
		drifts: [
			{
				name: "the daemon started by hand",
				change: { [active]: "" },
				finds: { "irqbalance.service": "liveDrift" },
			},
			{
				name: "the unit no longer masked",
				change: { "etc/systemd/system/irqbalance.service": undefined },
				finds: { "irqbalance.service": "bootDrift" },
			},
		],
	},
	{
		name: "off, where it was disabled and stopped",
		yaml: "off",
		before: { [wanted]: undefined, [active]: undefined, [process]: undefined },
		after: { "etc/systemd/system/irqbalance.service": "/dev/null" },
	},
	{
		name: "off is true where it is not installed, as on Ubuntu 24.04",
		distribution: "ubuntu-24.04",
		yaml: "off",
		after: { "etc/systemd/system/irqbalance.service": undefined },
	},
	{
		name: "banned CPUs on Debian",
		yaml: "bannedCpus: 8-15",
		before: {
			[debian]:
				'# comment\nIRQBALANCE_BANNED_CPUS="f000"\nIRQBALANCE_ARGS="-j"\n',
			[`${process}/environ`]:
				"IRQBALANCE_BANNED_CPUS=f000\0IRQBALANCE_ARGS=-j\0",
		},
		after: {
			[debian]: `# comment\nIRQBALANCE_ARGS="-j"\n${ours}`,
			[`${process}/environ`]: `IRQBALANCE_ARGS=-j\n${ours}`.replaceAll(
				"\n",
				"\0",
			),
		},
		drifts: [
			{
				name: "a file that allows all CPUs at the next start",
				change: {
					[debian]: `# comment\nIRQBALANCE_ARGS="-j"\nIRQBALANCE_BANNED_CPULIST=\n`,
				},
				finds: { "irqbalance.bannedCpus": "bootDrift" },
			},
			{
				name: "two spellings that disagree",
				change: {
					[debian]: `# comment\nIRQBALANCE_ARGS="-j"\n${ours.replace("ff00", "fe00")}`,
				},
				finds: { "irqbalance.bannedCpus": "bootDrift" },
			},
			{
				name: "a daemon that was started with other CPUs",
				change: { [`${process}/environ`]: "IRQBALANCE_BANNED_CPULIST=8\0" },
				finds: { "irqbalance.bannedCpus": "liveDrift" },
			},
		],
	},
	{
		name: "banned CPUs on EL, for a daemon that does not run",
		distribution: "el-9",
		yaml: "bannedCpus: 8-15",
		before: { [active]: undefined, [process]: undefined },
		after: {
			"etc/sysconfig/irqbalance": `#IRQBALANCE_BANNED_CPULIST=\n${ours}`,
			[process]: undefined,
		},
	},
	{
		name: "banned CPUs where it is not installed",
		distribution: "ubuntu-24.04",
		yaml: "bannedCpus: 8-15",
		after: { [debian]: undefined },
		verdicts: { "irqbalance.bannedCpus": "unreadable" },
		fails: /irqbalance is not installed; install it, or declare/,
	},
]);

test("lines that others add to the file outlast revert", () => {
	const host = newHost();
	host.install();
	host.write(debian, "IRQBALANCE_BANNED_CPULIST=7\n");
	const settings = settingsFromYaml(irqbalance, "bannedCpus: 8-15");
	host.run("apply", { settings });
	host.write(debian, `${host.read(debian)}IRQBALANCE_ARGS=-j\n`);
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	expect(host.read(debian)).toBe(
		"IRQBALANCE_ARGS=-j\nIRQBALANCE_BANNED_CPULIST=7\n",
	);
});

test("no CPUs would allow all: refused", () => {
	expect(() => settingsFromYaml(irqbalance, 'bannedCpus: ""')).toThrow(
		/expected a CPU list/,
	);
});
