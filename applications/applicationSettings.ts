/**
 * applications: programs that run on the tuned machine, pinned as the guides pin
 * them, and the actual placement of their threads.
 *
 * Mechanism: a release is an artifact, a systemd unit and files, in its own
 * directory below /opt/metaltune/NAME/releases. rename(2) replaces the link
 * `current`; `previous` is the release that worked before it. The unit starts the
 * program under numactl and taskset (systemdUnit.ts); systemd applies the rest.
 * metaltune reads the result from /proc for every thread of the unit's control
 * group. A thread moved with taskset is drift, and so is a process of the same
 * program started by hand outside the unit.
 *
 * When: `metaltune deploy`, after the host has been verified and rebooted. An apply
 * or a boot never starts a release. An apply stops and removes applications that
 * are no longer declared.
 *
 * Latency: all other settings serve the application. A thread on a CPU that is not
 * isolated, or with memory of another node, does not benefit from them.
 *
 * Cannot be undone: what the program did. Revert stops it and removes all its
 * files, including the artifacts.
 *
 * numactl(8), taskset(1), proc(5), numa(7), sched(7), systemd.exec(5);
 * Documentation/admin-guide/mm/numa_memory_policy.rst.
 */
import { createHash } from "node:crypto";
import { contentValue } from "../inventory/decode/fileContent";
import { applicationsSection } from "../inventory/sections/applications";
import type { SettingsSection, TunableDocs } from "../inventory/tunable";
import type { ApplicationSpec, Applications } from "../model/application";
import { capabilityMask } from "../model/capabilities";
import { deployedTunable, type Match, type Setting } from "../model/settings";
import { applicationDocs } from "./docs";
import { artifactText, unitText } from "./systemdUnit";

type Aspect = readonly [
	key: string,
	value: string,
	match?: Match,
	content?: string,
];

function contentAspect(key: string, content: string): Aspect {
	return [key, contentValue(content), "exact", content];
}

/**
 * The name of a release. Earlier versions had contents in base64 in their settings:
 * the name must stay, or every application would be restarted.
 */
function releaseId(aspects: readonly Aspect[]): string {
	const named = aspects.map(([key, value, , content]) => {
		const [hash] = value.split(" ");
		if (content === undefined) return [key, value];
		const base64 = Buffer.from(content).toString("base64");
		return [key, base64 === "" ? hash : `${hash} ${base64}`];
	});
	return createHash("sha256").update(JSON.stringify(named)).digest("hex");
}

/** `fifo 99`, as the host reports it. */
function schedulerText(policy: string, priority: number | undefined): string {
	return priority === undefined ? policy : `${policy} ${priority}`;
}

/** The parts that identify a release; a change in one makes another release. */
function releaseAspects(
	name: string,
	spec: ApplicationSpec,
): readonly Aspect[] {
	const artifact = artifactText(name, spec);
	return [
		...(artifact === undefined ? [] : [["artifact", artifact] as const]),
		contentAspect("unit", unitText(name, spec)),
		...(spec.files ?? []).flatMap(({ path, content, mode = "0644" }) => [
			// Without the stack, its secrets are unknown.
			...(content === undefined
				? []
				: [contentAspect(`files.${path}`, content)]),
			[`files.${path}:mode`, mode] as const,
		]),
	];
}

const memoryWords = {
	membind: "bind",
	interleave: "interleave",
	preferred: "prefer",
} as const;

/** As /proc/PID/numa_maps calls it; Documentation/filesystems/proc.rst. */
function memoryAspects({ numactl }: ApplicationSpec): readonly Aspect[] {
	if (numactl === undefined) return [];
	const { cpunodebind, localalloc } = numactl;
	const policies = Object.entries(memoryWords).flatMap(([option, word]) => {
		const nodes = numactl[option as keyof typeof memoryWords];
		return nodes === undefined ? [] : [["memory", `${word}:${nodes}`] as const];
	});
	return [
		...policies,
		...(localalloc === true ? [["memory", "local"] as const] : []),
		...(cpunodebind === undefined || cpunodebind === "all"
			? []
			: [["cpunodebind", cpunodebind] as const]),
	];
}

function threadAspects({ threads = {} }: ApplicationSpec): readonly Aspect[] {
	return Object.entries(threads).flatMap(
		([name, { cpus, policy, priority }]): readonly Aspect[] => [
			...(cpus === undefined
				? []
				: [[`threads.${name}.cpus`, cpus, "cpuSet"] as const]),
			...(policy === undefined
				? []
				: [
						[
							`threads.${name}.scheduler`,
							schedulerText(policy, priority),
						] as const,
					]),
		],
	);
}

/** The expected facts about its threads, from the declaration. */
function processAspects(spec: ApplicationSpec): readonly Aspect[] {
	const { taskset, nice, scheduler, limits = {}, capabilities } = spec;
	return [
		["running", "running"],
		...(taskset === undefined
			? []
			: [["cpus", taskset, "cpuSet"] satisfies Aspect]),
		...memoryAspects(spec),
		...threadAspects(spec),
		...(nice === undefined ? [] : [["nice", String(nice)] as const]),
		...(scheduler === undefined
			? []
			: [
					[
						"scheduler",
						schedulerText(scheduler.policy, scheduler.priority),
					] as const,
				]),
		...Object.entries(limits).map(
			([name, limit]) => [`limits.${name}`, limit] as const,
		),
		...(capabilities === undefined
			? []
			: [["capabilities", capabilityMask(capabilities)] as const]),
		...(spec.hugetlbfs === true
			? [
					["hugetlbfs", "member"] as const,
					["hugePages", "1", "atLeast"] satisfies Aspect,
				]
			: []),
	];
}

/** Its health check and load test. */
function hookAspects({ health, loadTest }: ApplicationSpec): readonly Aspect[] {
	const { tcp, http, status = 200, timeoutSeconds = 30 } = health ?? {};
	const check =
		tcp !== undefined
			? `tcp ${tcp}`
			: http !== undefined
				? `http ${status} ${http}`
				: `command ${health?.command?.join(" ")}`;
	return [
		...(health === undefined
			? []
			: [["health", `${timeoutSeconds} ${check}`] as const]),
		...(loadTest === undefined
			? []
			: [["loadTest", loadTest.command.join(" ")] as const]),
	];
}

function applicationSettings([name, spec]: readonly [
	string,
	ApplicationSpec,
]): readonly Setting[] {
	const release = releaseAspects(name, spec);
	const aspects: readonly Aspect[] = [
		["release", releaseId(release)],
		...release,
		...processAspects(spec),
		...hookAspects(spec),
	];
	return aspects.map(([key, value, match = "exact", content]) => ({
		tunable: deployedTunable,
		key: `${name}.${key}`,
		match,
		value,
		effect: "live",
		...(content === undefined ? {} : { content }),
	}));
}

/** The section `applications`, beside `tuning`. */
export const applications: SettingsSection<Applications> & {
	/** For the operator; see `metaltune explain applications`. */
	readonly docs: TunableDocs;
} = {
	name: deployedTunable,
	docs: applicationDocs,
	decoder: applicationsSection,
	settings: (spec) => Object.entries(spec).flatMap(applicationSettings),
};
