/** Common to the descriptions of distributions. */
import type { Nodes } from "./files";

/** Specific to one distribution. */
export interface Layout {
	/** Release of the running kernel. */
	readonly kernel: string;
	readonly files: () => Nodes;
}
