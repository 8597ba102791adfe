/** Every tunable, in the order in which the host program applies them. */
import type { Tunable } from "../inventory/tunable";
import { clocksource } from "./clocksource";
import { cpuFrequency } from "./cpuFrequency";
import { cpuIdle } from "./cpuIdle";
import { ethtool } from "./ethtool";
import { files } from "./files";
import { hugePages } from "./hugePages";
import { irqAffinity } from "./irqAffinity";
import { irqbalance } from "./irqbalance";
import { kernelCommandLine } from "./kernelCommandLine";
import { limits } from "./limits";
import { memory } from "./memory";
import { mounts } from "./mounts";
import { packages } from "./packages";
import { receiveScaling } from "./receiveScaling";
import { services } from "./services";
import { smt } from "./smt";
import { sysctl } from "./sysctl";
import { users } from "./users";
import { workqueue } from "./workqueue";
import { xdp } from "./xdp";

export const tunables: readonly Tunable<unknown>[] = [
	packages,
	users,
	irqbalance,
	kernelCommandLine,
	smt,
	sysctl,
	hugePages,
	cpuFrequency,
	cpuIdle,
	clocksource,
	memory,
	ethtool,
	receiveScaling,
	xdp,
	irqAffinity,
	workqueue,
	limits,
	files,
	mounts,
	services,
];
