/** The Solana MEV guide: an engine under SCHED_FIFO, and a stand-in for ClickHouse. */
import { bind, fifo, local } from "../standIn";
import { testSystem } from "../system";

testSystem("solana-mev", {
	"mev-engine": {
		hugePageNode: 0,
		pageNode: 0,
		rtprio: "99",
		all: { cpus: "2,3", policy: fifo, priority: 99, memory: bind },
	},
	clickhouse: {
		args: ["--config-file=/etc/clickhouse-server/config.xml"],
		nofile: "500000",
		pageNode: 1,
		all: { cpus: "4,5,6,7", memory: local },
	},
});
