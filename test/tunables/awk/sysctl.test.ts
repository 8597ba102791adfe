/** How values of kernel parameters and their rules are written, under every awk. */
import { testAwk } from "../../support/awk";

const tab = "\t";
const live = (key: string, text: string, status = "value") =>
	["fact", "sysctl", key, "live", status, text, "x"].join(tab);

describe("tunables/sysctl/facts.awk", () => {
	const cases: readonly (readonly [string, string, string])[] = [
		[
			"net.ipv4.ip_local_reserved_ports",
			"11211,10051,10050",
			"10050-10051,11211",
		],
		["net.ipv4.ip_local_reserved_ports", "1-3,2-9,11", "1-9,11"],
		["net.core.flow_limit_cpu_bitmap", "00000000,000000FF", "ff"],
		["net.core.rps_default_mask", "00", "0"],
		["kernel.sysrq", "0x01b6", "438"],
		["kernel.sysrq", "0660", "432"],
		["kernel.sched_rt_runtime_us", "-1", "-1"],
		["kernel.core_pattern", "|/usr/bin/handler %p", "|/usr/bin/handler %p"],
		["net.ipv4.tcp_rmem", "4096 0x20000 6291456", "4096 131072 6291456"],
		["kernel.shmmax", "18446744073692774399", "18446744073692774399"],
	];
	for (const [key, text, normal] of cases) {
		testAwk(`${key} ${text}`, {
			program: "tunables/sysctl/facts.awk",
			separator: tab,
			variables: { OFS: tab, proc: "/nonexistent/", sys: "/nonexistent/" },
			lines: [live(key, text)],
			answers: [live(key, normal)],
		});
	}
});

const modules = {
	"net/netfilter/nf_conntrack_max": "nf_conntrack",
	"net/netfilter/nf_flowtable_tcp_timeout": "nf_conntrack",
	"net/nf_conntrack_max": "nf_conntrack",
	"net/netfilter/nf_log/2": "",
	"net/bridge/bridge-nf-call-iptables": "br_netfilter",
	"net/ipv4/vs/conn_reuse_mode": "ip_vs",
	"net/rdma_ucm/max_backlog": "rdma_ucm",
	"fs/nfs/nlm_tcpport": "lockd",
	"fs/nfs/nfs_callback_tcpport": "nfsv4",
	"fs/nfs/nfs_congestion_kb": "nfs",
	"fs/xfs/xfssyncd_centisecs": "xfs",
	"dev/raid/speed_limit_max": "md_mod",
	"fs/file-max": "",
	"net/core/rmem_max": "",
};

testAwk("the module that brings a key", {
	program: "tunables/sysctl/normal.awk",
	text: "{ print $0, module_of($0) }",
	lines: Object.keys(modules),
	answers: Object.entries(modules).map((pair) => pair.join(" ")),
});

testAwk("a module's rule once, and none for the kernel's own keys", {
	program: "tunables/sysctl/rules.awk",
	lines: [
		"net.netfilter.nf_conntrack_max = 300000",
		"net.netfilter.nf_conntrack_buckets = 512",
		"net.nf_conntrack_max = 300000",
		"vm.swappiness = 1",
		"",
	],
	answers: [
		'ACTION=="add", SUBSYSTEM=="module", KERNEL=="nf_conntrack", RUN+="/usr/lib/systemd/systemd-sysctl --prefix=/net/netfilter"',
		'ACTION=="add", SUBSYSTEM=="module", KERNEL=="nf_conntrack", RUN+="/usr/lib/systemd/systemd-sysctl --prefix=/net/nf_conntrack_max"',
	],
});

testAwk("each limit has its counterpart, and no other key has one", {
	program: "tunables/sysctl/normal.awk",
	text: `BEGIN {
		print counterpart("vm/dirty_bytes"), counterpart("vm/dirty_background_ratio")
		print counterpart("vm/overcommit_ratio"), "-" counterpart("vm/swappiness")
	}`,
	answers: [
		"vm/dirty_ratio vm/dirty_background_bytes",
		"vm/overcommit_kbytes -",
	],
});
