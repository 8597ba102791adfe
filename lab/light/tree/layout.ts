/** What the descriptions of distributions have in common. */
import type { Nodes } from "./files";

/** What is a distribution's own. */
export interface Layout {
	/** Release of the kernel that runs. */
	readonly kernel: string;
	readonly files: () => Nodes;
}
