/**
 * /proc/sys of an untouched Debian 12 host with 16 GiB: the keys of the tuning
 * guides, of the latency profiles of other tools, and enough others for a realistic
 * listing. In the format of `sysctl -a`; a comma stands for the kernel's tab
 * between several numbers.
 */
const defaults = `
fs/aio-max-nr 65536
fs/aio-nr 0
fs/file-max 9223372036854775807
fs/file-nr 1056,0,9223372036854775807
fs/inotify/max_user_instances 128
fs/inotify/max_user_watches 122425
fs/nr_open 1048576
fs/pipe-max-size 1048576
fs/protected_hardlinks 1
fs/protected_symlinks 1
fs/suid_dumpable 0
kernel/core_pattern core
kernel/dmesg_restrict 1
kernel/hung_task_timeout_secs 120
kernel/kptr_restrict 0
kernel/msgmax 8192
kernel/msgmnb 16384
kernel/nmi_watchdog 1
kernel/numa_balancing 1
kernel/ostype Linux
kernel/panic 0
kernel/panic_on_oops 0
kernel/perf_cpu_time_max_percent 25
kernel/perf_event_max_sample_rate 100000
kernel/perf_event_paranoid 3
kernel/pid_max 4194304
kernel/printk 4,4,1,7
kernel/randomize_va_space 2
kernel/sched_autogroup_enabled 1
kernel/sched_cfs_bandwidth_slice_us 5000
kernel/sched_child_runs_first 0
kernel/sched_rr_timeslice_ms 100
kernel/sched_rt_period_us 1000000
kernel/sched_rt_runtime_us 950000
kernel/sem 32000,1024000000,500,32000
kernel/shmall 18446744073692774399
kernel/shmmax 18446744073692774399
kernel/shmmni 4096
kernel/soft_watchdog 1
kernel/sysrq 438
kernel/threads-max 127656
kernel/timer_migration 1
kernel/watchdog 1
kernel/watchdog_cpumask 0-15
kernel/watchdog_thresh 10
net/core/bpf_jit_enable 1
net/core/busy_poll 0
net/core/busy_read 0
net/core/default_qdisc pfifo_fast
net/core/dev_weight 64
net/core/netdev_budget 300
net/core/netdev_budget_usecs 8000
net/core/netdev_max_backlog 1000
net/core/netdev_tstamp_prequeue 1
net/core/optmem_max 20480
net/core/rmem_default 212992
net/core/rmem_max 212992
net/core/rps_sock_flow_entries 0
net/core/somaxconn 4096
net/core/wmem_default 212992
net/core/wmem_max 212992
net/ipv4/conf/all/arp_ignore 0
net/ipv4/conf/all/rp_filter 0
net/ipv4/conf/default/rp_filter 2
net/ipv4/conf/eth0.100/rp_filter 2
net/ipv4/conf/eth0/arp_ignore 0
net/ipv4/conf/eth0/rp_filter 2
net/ipv4/conf/eth1/arp_ignore 0
net/ipv4/conf/eth1/rp_filter 2
net/ipv4/ip_forward 0
net/ipv4/ip_local_port_range 32768,60999
net/ipv4/tcp_abort_on_overflow 0
net/ipv4/tcp_adv_win_scale 1
net/ipv4/tcp_autocorking 1
net/ipv4/tcp_available_congestion_control reno cubic
net/ipv4/tcp_congestion_control cubic
net/ipv4/tcp_dsack 1
net/ipv4/tcp_ecn 2
net/ipv4/tcp_fastopen 1
net/ipv4/tcp_fin_timeout 60
net/ipv4/tcp_keepalive_intvl 75
net/ipv4/tcp_keepalive_probes 9
net/ipv4/tcp_keepalive_time 7200
net/ipv4/tcp_limit_output_bytes 1048576
net/ipv4/tcp_low_latency 0
net/ipv4/tcp_max_syn_backlog 1024
net/ipv4/tcp_max_tw_buckets 65536
net/ipv4/tcp_mem 187665,250221,375330
net/ipv4/tcp_moderate_rcvbuf 1
net/ipv4/tcp_mtu_probing 0
net/ipv4/tcp_no_metrics_save 0
net/ipv4/tcp_notsent_lowat 4294967295
net/ipv4/tcp_rmem 4096,131072,6291456
net/ipv4/tcp_sack 1
net/ipv4/tcp_slow_start_after_idle 1
net/ipv4/tcp_syn_retries 6
net/ipv4/tcp_syncookies 1
net/ipv4/tcp_timestamps 1
net/ipv4/tcp_tw_reuse 2
net/ipv4/tcp_window_scaling 1
net/ipv4/tcp_wmem 4096,16384,4194304
net/ipv4/udp_mem 375330,500443,750660
net/ipv4/udp_rmem_min 4096
net/ipv4/udp_wmem_min 4096
net/ipv6/conf/all/disable_ipv6 0
net/ipv6/conf/default/disable_ipv6 0
vm/compaction_proactiveness 20
vm/dirty_background_bytes 0
vm/dirty_background_ratio 10
vm/dirty_bytes 0
vm/dirty_expire_centisecs 3000
vm/dirty_ratio 20
vm/dirty_writeback_centisecs 500
vm/hugetlb_shm_group 0
vm/max_map_count 65530
vm/min_free_kbytes 67584
vm/mmap_min_addr 65536
vm/nr_hugepages 0
vm/nr_hugepages_mempolicy 0
vm/nr_overcommit_hugepages 0
vm/overcommit_kbytes 0
vm/overcommit_memory 0
vm/overcommit_ratio 50
vm/page-cluster 3
vm/panic_on_oom 0
vm/stat_interval 1
vm/swappiness 60
vm/vfs_cache_pressure 100
vm/watermark_boost_factor 15000
vm/watermark_scale_factor 10
vm/zone_reclaim_mode 0
`;

/** Paths below /proc/sys to their text without the final newline. */
export const sysctls: { readonly [path: string]: string } = Object.fromEntries(
	defaults
		.trim()
		.split("\n")
		.map((line) => {
			const space = line.indexOf(" ");
			const value = line.slice(space + 1).replaceAll(",", "\t");
			return [line.slice(0, space), value];
		}),
);
