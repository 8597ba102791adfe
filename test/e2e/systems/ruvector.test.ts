/** Ruvector bound to one node. */
import { bind } from "../standIn";
import { testSystem } from "../system";

testSystem("ruvector", {
	"ruvector-server": {
		settings: ["2", "warn"],
		nofile: "65536",
		pageNode: 0,
		all: { cpus: "0,2", memory: bind, nodes: 0b01 },
	},
});
