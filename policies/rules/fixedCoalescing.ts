/** With adaptive coalescing, the driver overrides every fixed time. */

import { tuningOf } from "../declaredTuning";
import type { HostRule } from "../rule";

const pairs = [
	["rxUsecs", "adaptiveRx"],
	["txUsecs", "adaptiveTx"],
] as const;

export const fixedCoalescing: HostRule = {
	name: "fixedCoalescing",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand:
		"Adaptive coalescing is never on. It is declared off where a coalescing time is fixed",
	reason:
		"While it is on, the driver changes the times under load. Interrupts then wait longer exactly when latency matters",
	source: "ethtool(8), -C adaptive-rx",
	judge: (host) =>
		Object.entries(tuningOf(host).ethtool ?? {}).flatMap(
			([nic, { coalescing }]) =>
				pairs.flatMap(([fixed, adaptive]) => {
					const time = coalescing?.[fixed];
					const found = coalescing?.[adaptive];
					const isFine = time === undefined ? found !== "on" : found === "off";
					if (isFine) return [];
					return [
						{
							host: host.name,
							path: `tuning.ethtool.${nic}.coalescing.${adaptive}`,
							wrong:
								time === undefined
									? "is on, so the driver decides how long interrupts wait"
									: `is ${found ?? "not declared"}, but ${fixed} is fixed at ${time}`,
							right:
								time === undefined
									? `write ${adaptive}: off, and declare ${fixed}`
									: `write ${adaptive}: off`,
						},
					];
				}),
		),
};
