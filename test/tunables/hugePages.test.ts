import { memoryFiles } from "../../lab/light/tree/memory";
import { hugePages } from "../../tunables/hugePages";
import { describeTunable } from "../support/tunableContract";

const node = (number: number, size: string) =>
	`sys/devices/system/node/node${number}/hugepages/hugepages-${size}/nr_hugepages`;
const total = (size: string) =>
	`sys/kernel/mm/hugepages/hugepages-${size}/nr_hugepages`;

const ofPool = (file: string, pages: number) => ({
	[file]: `${pages}\n`,
	[file.replace("nr_", "free_")]: `${pages}\n`,
});

const meminfo = memoryFiles()["proc/meminfo"];

/** A host that was booted with `hugepages=` for 1G, and what it was granted. */
const bootedWith = (asked: string, node0: number, node1: number) => ({
	"proc/cmdline": `BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64 root=/dev/vda1 ro hugepagesz=1G hugepages=${asked}\n`,
	"proc/meminfo": (meminfo && "text" in meminfo ? meminfo.text : "").replace(
		/(?<=Hugetlb: *) {6}0/,
		String((node0 + node1) * 1024 * 1024).padStart(7),
	),
	...ofPool(node(0, "1048576kB"), node0),
	...ofPool(node(1, "1048576kB"), node1),
	...ofPool(total("1048576kB"), node0 + node1),
	[`${total("1048576kB")}_mempolicy`]: `${node0 + node1}\n`,
});

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
		shrunk: {
			yaml: "1G: {node1: 2}",
			restores: { [node(0, "1048576kB")]: "0\n" },
		},
	},
	{
		name: "1G pages that the boot granted as declared",
		yaml: "1G: {node0: 1, node1: 1}",
		before: bootedWith("0:1,1:1", 1, 1),
		after: { [node(1, "1048576kB")]: "1\n" },
		drifts: [
			{
				name: "pages given up by hand, which the kernel still has",
				change: { [node(1, "1048576kB")]: "0\n", ".lab/gigantic": "" },
				finds: { "hugePages.node1.1048576kB": "liveDrift" },
			},
		],
	},
	{
		name: "1G pages that the boot granted short, had at run time",
		yaml: "1G: {node0: 1, node1: 2}",
		before: { ...bootedWith("0:1,1:2", 1, 1), ".lab/gigantic": "" },
		after: { [node(1, "1048576kB")]: "2\n" },
	},
	{
		name: "1G pages that the boot granted short, on one node",
		yaml: "1G: {node0: 1, node1: 2}",
		before: bootedWith("0:1,1:2", 1, 1),
		after: {},
		verdicts: { "hugePages.node1.1048576kB": "liveDrift" },
		fails: /hugePages\.node1\.1048576kB +>= 2 +1 +1 +liveDrift/,
	},
	{
		name: "1G pages that the boot granted short, in total",
		yaml: "1G: 3",
		before: bootedWith("3", 1, 1),
		after: {},
		verdicts: { "hugePages.total.1048576kB": "liveDrift" },
		fails: /hugePages\.total\.1048576kB +>= 3 +2 +2 +liveDrift/,
	},
	{
		name: "1G pages of a node this machine does not have",
		yaml: "1G: {node0: 1, node7: 1}",
		before: bootedWith("0:1,7:1", 1, 0),
		after: {},
		verdicts: { "hugePages.node7.1048576kB": "liveDrift" },
		fails: /hugePages\.node7\.1048576kB +>= 1 +absent +absent +liveDrift/,
	},
	{
		name: "more 1G pages than this boot was asked for wait for the next",
		yaml: "1G: {node0: 1, node1: 2}",
		before: { ...bootedWith("0:1,1:1", 1, 1), ".lab/gigantic": "" },
		after: { [node(1, "1048576kB")]: "1\n" },
		verdicts: {
			"hugePages.node1.1048576kB": "pendingReboot",
			"kernelCommandLine.hugepages[1G]": "pendingReboot",
		},
	},
	{
		name: "no 1G pages on one node",
		yaml: "1G: {node0: 1, node1: 0}",
		before: bootedWith("0:1,1:0", 1, 0),
		after: { [node(1, "1048576kB")]: "0\n" },
		drifts: [
			{
				name: "some there, taken by hand",
				change: { [node(1, "1048576kB")]: "1\n" },
				finds: { "hugePages.node1.1048576kB": "liveDrift" },
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
