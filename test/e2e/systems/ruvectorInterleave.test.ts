/** Ruvector with its memory interleaved over both nodes. */
import { interleave } from "../standIn";
import { testSystem } from "../system";

testSystem("ruvector-interleave", {
	"ruvector-server": {
		settings: ["4", "warn"],
		all: { cpus: "0,2,4,6", memory: interleave, nodes: 0b11 },
	},
});
