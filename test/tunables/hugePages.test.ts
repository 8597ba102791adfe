import { hugePages } from "../../tunables/hugePages";
import { describeTunable } from "../support/tunableContract";

const node = (number: number, size: string) =>
	`sys/devices/system/node/node${number}/hugepages/hugepages-${size}/nr_hugepages`;
const total = (size: string) =>
	`sys/kernel/mm/hugepages/hugepages-${size}/nr_hugepages`;
const grub = "etc/default/grub.d/zz-metaltune.cfg";

describeTunable(hugePages, [
	{
		name: "2M pages per node, and a mount",
		yaml: `
2M: {node0: 1024, node1: 512}
mounts: [{path: /mnt/hugepages, size: 2M}]
`,
		after: {
			[node(0, "2048kB")]: "1024\n",
			[node(1, "2048kB")]: "512\n",
			[total("2048kB")]: "1536\n",
			"mnt/hugepages": "",
		},
		drifts: [
			{
				name: "fewer pages on one node",
				change: { [node(1, "2048kB")]: "511\n" },
				finds: { "hugePages.node1.2048kB": "liveDrift" },
			},
			{
				name: "no mount",
				change: { "proc/mounts": "/dev/vda1 / ext4 rw,relatime 0 0\n" },
				finds: { "hugePages.mount./mnt/hugepages": "liveDrift" },
			},
			{
				name: "another page size mounted",
				change: {
					"proc/mounts":
						"none /mnt/hugepages hugetlbfs rw,relatime,pagesize=1024M 0 0\n",
				},
				finds: { "hugePages.mount./mnt/hugepages": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "2M: {node0: 1024}",
			restores: { [node(1, "2048kB")]: "0\n" },
		},
	},
	{
		name: "no pages means none",
		yaml: "2M: {node0: 64, node1: 0}",
		after: { [node(0, "2048kB")]: "64\n", [node(1, "2048kB")]: "0\n" },
		drifts: [
			{
				name: "pages where none are declared",
				change: { [node(1, "2048kB")]: "5\n" },
				finds: { "hugePages.node1.2048kB": "liveDrift" },
			},
		],
	},
	{
		name: "2M pages in total",
		yaml: "2M: 1024",
		after: { [total("2048kB")]: "1024\n" },
	},
	{
		name: "1G pages wait for the reboot that the command line needs",
		yaml: `
1G: {node1: 2, node0: 1}
mounts: [{path: /mnt/huge1g, size: 1G}]
`,
		after: { [node(0, "1048576kB")]: "0\n", [node(1, "1048576kB")]: "0\n" },
		verdicts: {
			"hugePages.node0.1048576kB": "pendingReboot",
			"hugePages.node1.1048576kB": "pendingReboot",
			"kernelCommandLine.hugepages[1G]": "pendingReboot",
		},
		drifts: [
			{
				name: "the boot loader's file emptied without update-grub",
				change: { [grub]: "" },
				finds: {},
			},
		],
	},
	{
		name: "a mount that belongs to a group",
		yaml: "mounts: [{path: /mnt/hugepages, size: 2M, gid: 600, mode: 1770}]",
		after: { "mnt/hugepages": "" },
		drifts: [
			{
				name: "the mount as root's",
				change: {
					"proc/mounts":
						"none /mnt/hugepages hugetlbfs rw,relatime,mode=1770,pagesize=2M 0 0\n",
				},
				finds: { "hugePages.mount./mnt/hugepages": "liveDrift" },
			},
		],
	},
	{
		name: "a kernel that grants fewer pages",
		yaml: "2M: {node0: 1000000}",
		after: {},
		verdicts: { "hugePages.node0.2048kB": "liveDrift" },
		fails: /hugePages\.node0\.2048kB +>= 1000000 +\d{4} +1000000 +liveDrift/,
	},
	{
		name: "a node this machine does not have",
		yaml: "2M: {node7: 1}",
		after: {},
		verdicts: { "hugePages.node7.2048kB": "liveDrift" },
		fails: /hugePages\.node7\.2048kB +>= 1 +absent/,
	},
]);
