/**
 * packages: tools that must be installed, and daemons that must not.
 *
 * Mechanism: one apt-get or dnf call installs everything that is missing, and one
 * removes everything unwanted (apt-get(8), dnf(8)). Keys are neutral names: every
 * distribution has its own names for the tools of the performance guides, and the
 * host half maps them. Any other name is the distribution's own.
 *
 * Latency: numactl, cpupower, ethtool and perf tune and measure the other settings;
 * irqbalance moves interrupts back onto isolated CPUs.
 *
 * Cannot be undone: a package that is installed again may be a newer version, and
 * its configuration files remain when it is removed. A package that others now
 * depend on stays, and is reported.
 *
 * A boot changes nothing here, so there is only a live layer.
 */
import { type Infer, record } from "../../inventory/decode/decoder";
import { oneOf, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

const decoder = record(
	text({
		description: "A package, by its neutral name or the distribution's",
		pattern: /^[A-Za-z0-9][A-Za-z0-9+._-]*$/,
		expected: "the name of a package, without version and architecture",
	}),
	oneOf(["present", "absent"], "Whether it is installed"),
	"Packages of the distribution",
);

type Packages = Infer<typeof decoder>;

function settings(spec: Packages): readonly Setting[] {
	return Object.entries(spec).map(([key, state]) => ({
		tunable: "packages",
		key,
		...(state === "present"
			? { match: "exact", value: "present" }
			: { match: "absent", value: "" }),
		effect: "live",
	}));
}

export const packages: Tunable<Packages> = {
	name: "packages",
	docs: {
		summary: "packages that must be there, and packages that must not",
		keys: [
			{
				key: "NAME",
				meaning:
					"installed or not; perf, cpupower, rt-tests, procps and bcc-tools are found under each distribution's own name, any other name is taken as it is",
				values: "present or absent",
			},
		],
		layers: ["live"],
		needsReboot: "never",
		risks: [
			"the first installation needs the distribution's mirrors",
			"a package that others need is not removed; apply fails and says so",
		],
		cannotBeUndone:
			"a package that comes back may be newer, and configuration files of one that goes stay",
		persistence: "the package manager's own database",
		sources: ["apt-get(8)", "dpkg-query(1)", "dnf(8)", "rpm(8)"],
		example: `packages: {numactl: present, perf: present, irqbalance: absent}`,
	},
	decoder,
	settings,
};
