/** AlphaPulse: collector, order book and network threads, each group on its CPUs. */
import { local } from "../standIn";
import { testSystem } from "../system";

testSystem("alphapulse", {
	"alphapulse-collector": {
		hugePageNode: 1,
		pageNode: 1,
		memlock: "unlimited",
		all: { nice: -20, memory: local },
		threads: {
			"collector-0": { cpus: "4" },
			"orderbook-0": { cpus: "6" },
			"network-0": { cpus: "6" },
		},
	},
});
