import { sysctl } from "../../tunables/sysctl";
import { describeTunable } from "../support/tunableContract";

const file = "etc/sysctl.d/zz-metaltune.conf";
const header = "# Written by metaltune; changes are overwritten.\n";
const rmemMax = "proc/sys/net/core/rmem_max";

describeTunable(sysctl, [
	{
		name: "numbers, several numbers and zero",
		yaml: `
net.core.rmem_max: 134217728
net.ipv4.tcp_rmem: 4096 87380 134217728
kernel.numa_balancing: 0
`,
		before: { "proc/sys/kernel/numa_balancing": "1\n" },
		after: {
			[rmemMax]: "134217728\n",
			"proc/sys/net/ipv4/tcp_rmem": "4096\t87380\t134217728\n",
			"proc/sys/kernel/numa_balancing": "0\n",
			[file]: `${header}kernel.numa_balancing = 0\nnet.core.rmem_max = 134217728\nnet.ipv4.tcp_rmem = 4096 87380 134217728\n`,
		},
		drifts: [
			{
				name: "a live value changed",
				change: { [rmemMax]: "212992\n" },
				finds: { "sysctl.net.core.rmem_max": "liveDrift" },
			},
			{
				name: "zero is not empty",
				change: { "proc/sys/kernel/numa_balancing": "\n" },
				finds: { "sysctl.kernel.numa_balancing": "liveDrift" },
			},
			{
				name: "the file removed",
				change: { [file]: undefined },
				finds: {
					"sysctl.net.core.rmem_max": "bootDrift",
					"sysctl.net.ipv4.tcp_rmem": "bootDrift",
					"sysctl.kernel.numa_balancing": "bootDrift",
				},
			},
			{
				name: "one line of the file changed, in other spelling",
				change: {
					[file]: `kernel/numa_balancing=0\n-net.core.rmem_max = 1\nnet.ipv4.tcp_rmem =  4096\t87380 134217728 \n`,
				},
				finds: { "sysctl.net.core.rmem_max": "bootDrift" },
			},
		],
		shrunk: {
			yaml: "net.core.rmem_max: 134217728",
			restores: {
				"proc/sys/net/ipv4/tcp_rmem": "4096\t131072\t6291456\n",
				"proc/sys/kernel/numa_balancing": "1\n",
			},
		},
	},
	{
		name: "what a guide declares for TCP and the backlog",
		yaml: `
net.core.wmem_max: 134217728
net.core.netdev_max_backlog: 5000
net.ipv4.tcp_wmem: 4096 65536 134217728
net.ipv4.tcp_timestamps: 0
net.ipv4.tcp_fastopen: 3
`,
		after: {
			"proc/sys/net/core/wmem_max": "134217728\n",
			"proc/sys/net/core/netdev_max_backlog": "5000\n",
			"proc/sys/net/ipv4/tcp_wmem": "4096\t65536\t134217728\n",
			"proc/sys/net/ipv4/tcp_timestamps": "0\n",
			"proc/sys/net/ipv4/tcp_fastopen": "3\n",
		},
		drifts: [
			{
				name: "timestamps on again",
				change: { "proc/sys/net/ipv4/tcp_timestamps": "1\n" },
				finds: { "sysctl.net.ipv4.tcp_timestamps": "liveDrift" },
			},
		],
	},
	{
		name: "a value that already is right is kept for the next boot too",
		yaml: "kernel.numa_balancing: 0",
		before: { "proc/sys/kernel/numa_balancing": "0\n" },
		after: {
			"proc/sys/kernel/numa_balancing": "0\n",
			[file]: `${header}kernel.numa_balancing = 0\n`,
		},
	},
	{
		name: "a minimum raises and never lowers",
		yaml: `
net.core.rmem_max: {atLeast: 1000}
net.core.wmem_max: {atLeast: 134217728}
`,
		after: {
			[rmemMax]: "212992\n",
			"proc/sys/net/core/wmem_max": "134217728\n",
			[file]: `${header}net.core.rmem_max = 212992\nnet.core.wmem_max = 134217728\n`,
		},
		drifts: [
			{
				name: "less than the minimum",
				change: { "proc/sys/net/core/wmem_max": "134217727\n" },
				finds: { "sysctl.net.core.wmem_max": "liveDrift" },
			},
		],
	},
	{
		name: "a name that holds a dot, in both spellings",
		yaml: `
net.ipv4.conf.eth0/100.rp_filter: 2
net/ipv4/conf/eth0/rp_filter: 2
`,
		before: {
			"proc/sys/net/ipv4/conf/eth0.100/rp_filter": "0\n",
			"proc/sys/net/ipv4/conf/eth0/rp_filter": "0\n",
			// A glob of the distribution loses against an exact name.
			"usr/lib/sysctl.d/60-glob.conf": "net.ipv4.conf.*.rp_filter = 1\n",
		},
		after: {
			"proc/sys/net/ipv4/conf/eth0.100/rp_filter": "2\n",
			"proc/sys/net/ipv4/conf/eth0/rp_filter": "2\n",
			[file]: `${header}net.ipv4.conf.eth0.rp_filter = 2\nnet.ipv4.conf.eth0/100.rp_filter = 2\n`,
		},
	},
	{
		name: "what Ubuntu's own files set, for all and by a pattern",
		distribution: "ubuntu-22.04",
		yaml: "{net.ipv4.conf.all.rp_filter: 0, kernel.kptr_restrict: 0}",
		after: {
			[file]: `${header}kernel.kptr_restrict = 0\nnet.ipv4.conf.all.rp_filter = 0\n`,
		},
		drifts: [
			{
				name: "our file gone: theirs is what the next boot does",
				change: { [file]: undefined },
				finds: {
					"sysctl.kernel.kptr_restrict": "bootDrift",
					"sysctl.net.ipv4.conf.all.rp_filter": "bootDrift",
				},
			},
		],
	},
	{
		name: "a key this kernel does not have",
		yaml: "kernel.sched_min_granularity_ns: 10000000",
		after: {
			"proc/sys/kernel/sched_min_granularity_ns": undefined,
			[file]: `${header}kernel.sched_min_granularity_ns = 10000000\n`,
		},
		verdicts: { "sysctl.kernel.sched_min_granularity_ns": "unsupported" },
	},
	{
		name: "a later file that overrides ours",
		yaml: "net.core.rmem_max: 134217728",
		before: { "etc/sysctl.d/zzz.conf": "net.core.rmem_max = 1\n" },
		after: { [rmemMax]: "134217728\n" },
		verdicts: { "sysctl.net.core.rmem_max": "bootDrift" },
		fails:
			/sysctl\.net\.core\.rmem_max +134217728 +134217728 +1 \(\/etc\/sysctl\.d\/zzz\.conf:1\) +bootDrift/,
	},
	{
		name: "a value the kernel refuses",
		yaml: "kernel.numa_balancing: 7",
		before: { "proc/sys/kernel/numa_balancing": "1\n" },
		after: { "proc/sys/kernel/numa_balancing": "1\n" },
		verdicts: { "sysctl.kernel.numa_balancing": "liveDrift" },
		fails:
			/kernel\.numa_balancing: the kernel refused 7\n(?:.*\n)*.*kernel\.numa_balancing +7 +1 +7 +liveDrift/,
	},
]);
