/** FX-Store: a server bound to the second node, and an AF_XDP reader of its NIC. */
import { bind } from "../standIn";
import { testSystem } from "../system";

testSystem("fx-store", {
	"fx-store": {
		args: ["server"],
		hugePageNode: 1,
		pageNode: 1,
		memlock: "unlimited",
		xdpSocket: false,
		all: { cpus: "6", memory: bind, nodes: 0b10 },
	},
	"fx-store-network": {
		args: ["network", "--mode", "af_xdp", "--queues", "8"],
		xdpSocket: true,
		pageNode: 1,
		all: { cpus: "4", memory: bind, nodes: 0b10 },
	},
});
