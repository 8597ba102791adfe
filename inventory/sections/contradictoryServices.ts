/**
 * Units that `services` declares in one state while another tunable sets or
 * needs a different state. A unit is the same with and without `.service`.
 */
import type { Asked, Contradiction, KeyPath } from "./contradiction";
import { mountPoints } from "./mountPoints";

/** One aspect of a unit, as declared. */
interface Declared {
	/** With its kind, such as `irqbalance.service`. */
	readonly unit: string;
	readonly at: KeyPath;
	/** `running`, `stopped`, `enabled`, `disabled` or `masked`. */
	readonly word: string;
}

// The inventory key of each aspect.
const keys = { state: "state", enablement: "enabled" } as const;

const kinds = /\.(?:service|socket|timer|path|mount|target|slice)$/;

function declaredUnits(asked: Asked): readonly Declared[] {
	return asked.of("services").flatMap(({ key, value }) => {
		const dot = key.lastIndexOf(".");
		const [name, aspect] = [key.slice(0, dot), key.slice(dot + 1)];
		if (aspect !== "state" && aspect !== "enablement") return [];
		return [
			{
				unit: kinds.test(name) ? name : `${name}.service`,
				at: ["services", name, keys[aspect]] as const,
				word: value,
			},
		];
	});
}

/** A state of a unit that another tunable forbids. */
interface Claim {
	readonly unit: string;
	readonly words: readonly string[];
	readonly other: KeyPath;
	readonly why: string;
}

function irqbalanceClaims(asked: Asked): readonly Claim[] {
	const unit = "irqbalance.service";
	if (asked.find("irqbalance", "service") !== undefined) {
		return [
			{
				unit,
				words: ["running", "enabled", "disabled"],
				other: ["irqbalance"],
				why: "irqbalance: off stops the daemon and masks its unit; remove this key, or remove tuning.irqbalance",
			},
		];
	}
	if (asked.find("irqbalance", "bannedCpus") === undefined) return [];
	return [
		{
			unit,
			words: ["stopped", "disabled", "masked"],
			other: ["irqbalance", "bannedCpus"],
			why: "CPUs are banned only for a daemon that runs, also after a boot; remove this key, or write irqbalance: off",
		},
	];
}

// systemd-escape(1) leaves only these paths unchanged. The unit names of other
// paths are not accepted by `services`.
const unescaped = /^(?:\/[A-Za-z0-9_.]+)+$/;

function mountClaims(asked: Asked): readonly Claim[] {
	return mountPoints(asked)
		.filter(({ path }) => unescaped.test(path))
		.map(({ path, by }) => ({
			unit: `${path.slice(1).replaceAll("/", "-")}.mount`,
			words: ["stopped", "masked"],
			other: by,
			why: "it mounts this file system; remove this key, or the mount",
		}));
}

// RHEL's daemon that switches page merging on and off by free memory.
function ksmClaims(asked: Asked): readonly Claim[] {
	if (asked.find("memory", "ksm")?.value !== "0") return [];
	return ["ksm", "ksmtuned"].map((name) => ({
		unit: `${name}.service`,
		words: ["running", "enabled"],
		other: ["memory", "ksm"],
		why: "this unit switches page merging on; stop and mask it, or remove memory.ksm",
	}));
}

// A package installs the unit of the same name.
function packageClaims(asked: Asked): readonly Claim[] {
	return asked
		.of("packages")
		.filter(({ match }) => match === "absent")
		.map(({ key }) => ({
			unit: `${key}.service`,
			words: ["running", "enabled"],
			other: ["packages", key],
			why: "without the package there is no such unit; remove this key, or keep the package",
		}));
}

// Not about a unit, but about the same daemon.
function bannedWithoutPackage(asked: Asked): readonly Contradiction[] {
	const isAbsent =
		asked.find("packages", "irqbalance")?.match === "absent" &&
		asked.find("irqbalance", "bannedCpus") !== undefined;
	return isAbsent
		? [
				{
					at: ["irqbalance", "bannedCpus"],
					other: ["packages", "irqbalance"],
					why: "CPUs are banned only for a daemon that is installed; keep the package, or write irqbalance: off",
				},
			]
		: [];
}

/** Every aspect of a unit that another tunable forbids. */
export function serviceContradictions(asked: Asked): readonly Contradiction[] {
	const claims = [
		...irqbalanceClaims(asked),
		...mountClaims(asked),
		...ksmClaims(asked),
		...packageClaims(asked),
	];
	const found = declaredUnits(asked).flatMap(({ unit, at, word }) =>
		claims
			.filter((claim) => claim.unit === unit && claim.words.includes(word))
			.map(({ other, why }) => ({ at, other, why })),
	);
	return [...found, ...bannedWithoutPackage(asked)];
}
