/**
 * Where and how an application's threads run: its settings for numactl, taskset
 * and the scheduler. Pure decoders.
 */
import {
	type SchedulingPolicy,
	schedulingPolicies,
} from "../../model/application";
import { CpuSetError, parseCpuList } from "../../model/cpuSet";
import { type Decoder, map, object, record } from "../decode/decoder";
import {
	boolean,
	cpuList,
	integer,
	oneOf,
	scalarText,
	text,
} from "../decode/scalars";

/** Nodes in normal form, such as `0-1`, or `all`. */
const nodes = (description: string): Decoder<string> => {
	const typed = scalarText(description);
	const expected = "a list of NUMA nodes such as 0 or 0-1, or all";
	const form: Decoder<string> = {
		...typed,
		expected,
		schema: { type: ["string", "integer"], description },
	};
	return map(form, (value, fail) => {
		if (value === "all") return value;
		try {
			const set = parseCpuList(value);
			return set === "" ? fail(`expected ${expected}, got ""`) : set;
		} catch (error) {
			if (!(error instanceof CpuSetError)) throw error;
			return fail(`expected ${expected}, got ${JSON.stringify(value)}`);
		}
	});
};

const memoryPolicies = [
	"membind",
	"interleave",
	"preferred",
	"localalloc",
] as const;

/** numactl(8): the node of the CPUs, and one policy for memory. */
export const numactl = map(
	object(
		{
			optional: {
				cpunodebind: nodes("Runs on the CPUs of these nodes only"),
				membind: nodes("Takes memory from these nodes only"),
				interleave: nodes("Takes memory from these nodes in turn"),
				preferred: integer({
					description: "Takes memory from this node while it has some",
					min: 0,
					max: 1023,
				}),
				localalloc: boolean("Takes memory from the node it runs on"),
			},
		},
		"How numactl starts it",
	),
	(spec, fail) => {
		const given = memoryPolicies.filter((each) => spec[each] !== undefined);
		if (spec.localalloc === false) {
			return fail("expected localalloc: true, got false; remove the key");
		}
		return given.length > 1
			? fail(`expected one policy for memory, got ${given.join(" and ")}`)
			: spec;
	},
);

const priority = integer({
	description: "Of fifo and rr; 99 is the highest",
	min: 1,
	max: 99,
});

interface Scheduling {
	readonly policy?: SchedulingPolicy;
	readonly priority?: number;
}

/** What is wrong with a policy and its priority, if anything. */
function schedulingProblem({ policy, priority }: Scheduling) {
	const realTime = policy === "fifo" || policy === "rr";
	if (realTime && priority === undefined) {
		return `expected a priority from 1 to 99 with ${policy}, got none`;
	}
	return !realTime && priority !== undefined
		? `expected a priority with fifo or rr only, got it with ${policy ?? "no policy"}`
		: undefined;
}

export const scheduler = map(
	object(
		{
			required: { policy: oneOf(schedulingPolicies, "The scheduling policy") },
			optional: { priority },
		},
		"How its threads are scheduled",
	),
	(spec, fail) => {
		const problem = schedulingProblem(spec);
		return problem === undefined ? spec : fail(problem);
	},
);

const threadGroup = map(
	object(
		{
			optional: {
				cpus: cpuList("The CPUs these threads may run on"),
				policy: oneOf(schedulingPolicies, "Their scheduling policy"),
				priority,
			},
		},
		"Threads of one name",
	),
	(spec, fail) => {
		const problem = schedulingProblem(spec);
		if (problem !== undefined) return fail(problem);
		return spec.cpus === undefined && spec.policy === undefined
			? fail("expected cpus or policy, got neither")
			: spec;
	},
);

/** The kernel keeps 15 bytes of a thread's name. */
export const threads = record(
	text({
		description: "A thread's name, in which * stands for anything",
		pattern: /^[A-Za-z0-9_.:/#-]{0,15}\*?$/,
		expected:
			"the name of threads, at most 15 letters, digits and -_.:/#, with * at its end for any",
	}),
	threadGroup,
	"Threads by name, as /proc/PID/task/TID/comm has it; the longest name that fits counts",
);

export const taskset = cpuList("The CPUs that all its threads may run on");

export const nice = integer({
	description: "-20 is served first, 19 last",
	min: -20,
	max: 19,
});
