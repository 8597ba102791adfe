import { memory } from "../../tunables/memory";
import { describeTunable } from "../support/tunableContract";

const enabled = "sys/kernel/mm/transparent_hugepage/enabled";
const defrag = "sys/kernel/mm/transparent_hugepage/defrag";
const ksm = "sys/kernel/mm/ksm/run";
const swaps = "proc/swaps";
const noSwap = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
const link = "etc/systemd/system/multi-user.target.wants/metaltune.service";

describeTunable(memory, [
	{
		name: "huge pages, merging, balancing and swap",
		yaml: `
transparentHugePages: never
transparentHugePagesDefrag: defer+madvise
ksm: off
numaBalancing: off
swap: off
`,
		before: { [ksm]: "1\n", "proc/sys/kernel/numa_balancing": "1\n" },
		after: {
			[enabled]: "always madvise [never]\n",
			[defrag]: "always defer [defer+madvise] madvise never\n",
			[ksm]: "0\n",
			"proc/sys/kernel/numa_balancing": "0\n",
			[swaps]: noSwap,
		},
		drifts: [
			{
				name: "another word chosen",
				change: { [enabled]: "[always] madvise never\n" },
				finds: { "memory.transparentHugePages": "liveDrift" },
			},
			{
				name: "KSM switched on",
				change: { [ksm]: "1\n" },
				finds: { "memory.ksm": "liveDrift" },
			},
			{
				name: "swap added",
				change: { [swaps]: `${noSwap}/swapfile file\t\t1020\t\t0\t\t-2\n` },
				finds: { "memory.swap": "liveDrift" },
			},
			{
				name: "metaltune.service disabled",
				change: { [link]: undefined },
				finds: {
					"memory.transparentHugePages": "bootDrift",
					"memory.transparentHugePagesDefrag": "bootDrift",
					"memory.ksm": "bootDrift",
					"memory.swap": "bootDrift",
				},
			},
		],
		shrunk: {
			yaml: "ksm: off",
			restores: {
				[enabled]: "always [madvise] never\n",
				[defrag]: "always defer defer+madvise [madvise] never\n",
				"proc/sys/kernel/numa_balancing": "1\n",
			},
		},
	},
	{
		name: "a kernel without KSM",
		yaml: "ksm: off",
		before: { [ksm]: undefined },
		after: { [ksm]: undefined },
		verdicts: { "memory.ksm": "unsupported" },
	},
]);
