/** Every tunable, in the order in which the host program applies them. */
import { hugePages } from "./hugePages";
import { kernelCommandLine } from "./kernelCommandLine";
import { limits } from "./limits";
import { memory } from "./memory";
import { sysctl } from "./sysctl";
import type { Tunable } from "./tunable";

export const tunables: readonly Tunable<unknown>[] = [
	kernelCommandLine,
	sysctl,
	hugePages,
	memory,
	limits,
];
