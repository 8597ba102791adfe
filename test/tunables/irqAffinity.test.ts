import { irqAffinity } from "../../tunables/irqAffinity";
import { describeTunable } from "../support/tunableContract";

const list = (irq: number) => `proc/irq/${irq}/smp_affinity_list`;
const irqbalance = ".lab/active/irqbalance.service";
const quiet = { [irqbalance]: undefined };

describeTunable(irqAffinity, [
	{
		name: "one interrupt and the default",
		yaml: '{irqs: {"8": 1}, default: 0-7}',
		before: quiet,
		after: {
			[list(8)]: "1\n",
			"proc/irq/default_smp_affinity": "00ff\n",
		},
	},
	{
		name: "queues on the NIC's own node, but for isolated CPUs",
		yaml: "eth0: local",
		before: {
			...quiet,
			"sys/devices/system/cpu/isolated": "2-3,10\n",
		},
		after: {
			[list(41)]: "0\n",
			[list(42)]: "1\n",
			[list(43)]: "8\n",
			[list(44)]: "9\n",
			[list(45)]: "11\n",
			[list(46)]: "0\n",
		},
		drifts: [
			{
				name: "one queue on another node's CPU",
				change: { [list(44)]: "4\n" },
				finds: { "irqAffinity.eth0.queues": "liveDrift" },
			},
		],
	},
	{
		name: "queues spread over CPUs, single interrupts and the default",
		yaml: `
eth0: 0-3
irqs: {"8": 1, acpi: 2-3}
default: 0-7
`,
		before: {
			...quiet,
			[list(44)]: "5\n",
			"proc/irq/44/smp_affinity": "0020\n",
			"proc/irq/44/effective_affinity_list": "5\n",
		},
		after: {
			[list(40)]: "0-15\n",
			[list(41)]: "0\n",
			[list(44)]: "3\n",
			[list(45)]: "0\n",
			[list(48)]: "3\n",
			[list(61)]: "0-15\n",
			[list(8)]: "1\n",
			[list(9)]: "2-3\n",
			"proc/irq/default_smp_affinity": "00ff\n",
		},
		drifts: [
			{
				name: "one queue on another CPU",
				change: { [list(44)]: "0-15\n" },
				finds: { "irqAffinity.eth0.queues": "liveDrift" },
			},
			{
				name: "the default back to all CPUs",
				change: { "proc/irq/default_smp_affinity": "ffff\n" },
				finds: { "irqAffinity.default": "liveDrift" },
			},
			{
				name: "a single interrupt moved",
				change: { [list(9)]: "2\n" },
				finds: { "irqAffinity.irq.acpi": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "default: 0-7",
			restores: {
				[list(41)]: "0-15\n",
				[list(44)]: "5\n",
				[list(8)]: "0-15\n",
			},
		},
	},
	{
		name: "interrupts the kernel manages itself",
		yaml: "irqs: {'nvme0q*': 0-15, '82': 1}",
		before: quiet,
		after: { [list(80)]: "0-15\n", [list(82)]: "8-11\n" },
		verdicts: {
			"irqAffinity.irq.nvme0q*": "unsupported",
			"irqAffinity.irq.82": "unsupported",
		},
		shrunk: { yaml: "irqs: {'82': 1}", restores: { [list(80)]: "0-15\n" } },
	},
	{
		name: "everything else keeps to the CPUs of others",
		yaml: "{eth0: 0-3, default: 0-3, others: 0-3}",
		cuts: true,
		before: {
			...quiet,
			[list(9)]: "2,8\n",
			"proc/irq/9/smp_affinity": "0104\n",
			"proc/irq/9/effective_affinity_list": "2\n",
			[list(83)]: "2-3\n",
		},
		after: {
			[list(8)]: "0-3\n",
			[list(9)]: "2\n",
			[list(40)]: "0-3\n",
			[list(44)]: "3\n",
			[list(61)]: "0-3\n",
			[list(80)]: "0-3\n",
			[list(81)]: "4-7\n",
		},
		drifts: [
			{
				name: "one of them moved away",
				change: { [list(61)]: "5\n" },
				finds: { "irqAffinity.others": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "{eth0: 0-3, default: 0-3}",
			restores: {
				[list(8)]: "0-15\n",
				[list(9)]: "2,8\n",
				[list(40)]: "0-15\n",
				[list(44)]: "3\n",
			},
		},
	},
	{
		name: "a NIC that is no longer declared, beside others",
		yaml: "{eth0: 0-3, others: 0-7}",
		before: quiet,
		after: { [list(44)]: "3\n", [list(61)]: "0-7\n" },
		shrunk: {
			yaml: "others: 0-7",
			restores: {},
		},
	},
	{
		name: "an interface that is not there",
		yaml: "eth7: 0-3",
		before: quiet,
		after: {},
		verdicts: { "irqAffinity.eth7.queues": "liveDrift" },
		fails:
			/no interface eth7 on this host[\s\S]*irqAffinity\.eth7\.queues +0-3 +absent/,
	},
	{
		name: "CPUs this machine does not have",
		yaml: "eth0: 30-31",
		before: quiet,
		after: {},
		verdicts: { "irqAffinity.eth0.queues": "liveDrift" },
		fails:
			/refused, and nothing was changed[\s\S]*eth0\.queues: expected CPUs of 0-15, which are all that this host can have, got 30-31[\s\S]*queue 0 \(IRQ 41\): 0-15, and 7 more; all: 0-15\*8/,
	},
]);
