/**
 * The tuning of every measured host: 60 settings of all five tunables. A
 * simulated host supports all of them, and most differ from an untouched host.
 * They include kernel parameters, so a host waits for a reboot. The policy is
 * `manual`, so that no boot is timed.
 */

const kernelCommandLine = {
	isolcpus: "managed_irq,domain,4-7",
	nohz_full: "4-7",
	rcu_nocbs: "4-7",
	skew_tick: 1,
	nosoftlockup: true,
	"intel_idle.max_cstate": 0,
};

const sysctl = {
	"fs.aio-max-nr": 1048576,
	"fs.file-max": 2097152,
	"fs.inotify.max_user_watches": 524288,
	"fs.nr_open": 2097152,
	"kernel.hung_task_timeout_secs": 600,
	"kernel.nmi_watchdog": 0,
	"kernel.pid_max": 4194304,
	"kernel.randomize_va_space": 0,
	"kernel.sched_rt_period_us": 1000000,
	"kernel.sched_rt_runtime_us": -1,
	"kernel.timer_migration": 0,
	"kernel.watchdog_thresh": 30,
	"net.core.busy_poll": 50,
	"net.core.busy_read": 50,
	"net.core.netdev_budget": 600,
	"net.core.netdev_max_backlog": 250000,
	"net.core.optmem_max": 65536,
	"net.core.rmem_default": 16777216,
	"net.core.rmem_max": { atLeast: 134217728 },
	"net.core.somaxconn": 65535,
	"net.core.wmem_default": 16777216,
	"net.core.wmem_max": { atLeast: 134217728 },
	"net.ipv4.tcp_fastopen": 3,
	"net.ipv4.tcp_low_latency": 1,
	"net.ipv4.tcp_max_syn_backlog": 8192,
	"net.ipv4.tcp_rmem": "4096 87380 134217728",
	"net.ipv4.tcp_sack": 1,
	"net.ipv4.tcp_slow_start_after_idle": 0,
	"net.ipv4.tcp_timestamps": 0,
	"net.ipv4.tcp_wmem": "4096 65536 134217728",
	"vm.compaction_proactiveness": 0,
	"vm.dirty_background_ratio": 5,
	"vm.dirty_ratio": 10,
	"vm.max_map_count": 1048576,
	"vm.min_free_kbytes": 131072,
	"vm.overcommit_memory": 1,
	"vm.stat_interval": 120,
	"vm.swappiness": 1,
};

/** The sections of a group file, without machines. */
export const profile = {
	rollout: { reboot: "manual" },
	tuning: {
		kernelCommandLine,
		sysctl,
		hugePages: {
			"2M": { node0: 512, node1: 512 },
			mounts: [{ path: "/mnt/hugepages", size: "2M" }],
		},
		memory: {
			transparentHugePages: "never",
			transparentHugePagesDefrag: "never",
			ksm: "off",
			numaBalancing: "off",
			swap: "off",
		},
		limits: {
			"*": {
				memlock: "unlimited",
				nofile: 1048576,
				rtprio: 99,
				stack: { soft: 65536, hard: "unlimited" },
			},
		},
	},
} as const;
