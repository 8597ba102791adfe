/** Adaptive coalescing is the driver's choice, and overrides every fixed value. */
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
	demand:
		"adaptive coalescing is not switched on, and is off where coalescing has a fixed time",
	reason:
		"while it is on the driver owns the times and changes them under load: interrupts wait exactly when they should not",
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
									? `write ${adaptive}: off, and ${fixed}`
									: `write ${adaptive}: off`,
						},
					];
				}),
		),
};
