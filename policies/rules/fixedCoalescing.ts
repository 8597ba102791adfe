/** Adaptive coalescing overrides every fixed value. */
import type { HostRule } from "../rule";
import { tuningOf } from "../tuning";

const pairs = [
	["rxUsecs", "adaptiveRx"],
	["txUsecs", "adaptiveTx"],
] as const;

export const fixedCoalescing: HostRule = {
	name: "fixedCoalescing",
	topic: "interrupts",
	scope: "host",
	severity: "mandatory",
	demand: "where coalescing has a fixed time, adaptive coalescing is off",
	reason:
		"while it is on the driver owns the fixed values and changes them under load: interrupts wait exactly when they should not",
	source: "ethtool(8), -C adaptive-rx",
	judge: (host) =>
		Object.entries(tuningOf(host).ethtool ?? {}).flatMap(
			([nic, { coalescing }]) =>
				pairs.flatMap(([fixed, adaptive]) => {
					const time = coalescing?.[fixed];
					const found = coalescing?.[adaptive];
					return time === undefined || found === "off"
						? []
						: [
								{
									host: host.name,
									path: `tuning.ethtool.${nic}.coalescing.${adaptive}`,
									wrong: `is ${found ?? "not declared"}, but ${fixed} is fixed at ${time}`,
									right: `write ${adaptive}: off`,
								},
							];
				}),
		),
};
