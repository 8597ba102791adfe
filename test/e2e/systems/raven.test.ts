/** Project Raven: a market data server on the cores of its NIC's node. */
import { bind } from "../standIn";
import { testSystem } from "../system";

testSystem("raven", {
	"market-data-server": {
		nofile: "65536",
		pageNode: 0,
		all: { cpus: "0,1,2,3", memory: bind, nodes: 0b01 },
	},
});
