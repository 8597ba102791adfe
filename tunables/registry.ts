/** Every tunable, in the order in which the host program applies them. */
import { clocksource } from "./clocksource";
import { hugePages } from "./hugePages";
import { kernelCommandLine } from "./kernelCommandLine";
import { limits } from "./limits";
import { memory } from "./memory";
import { packages } from "./packages";
import { smt } from "./smt";
import { sysctl } from "./sysctl";
import type { Tunable } from "./tunable";
import { workqueue } from "./workqueue";

export const tunables: readonly Tunable<unknown>[] = [
	packages,
	kernelCommandLine,
	smt,
	sysctl,
	hugePages,
	clocksource,
	memory,
	workqueue,
	limits,
];
