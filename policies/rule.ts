/**
 * What a rule is: a pure function from what is described to findings, with the
 * reason for it. The policy pack and `metaltune lint` run the same ones.
 */
import type { HostSpec } from "../model/hostSpec";

/** One thing that cannot work as described, or should not. */
export interface Finding {
	/** The host's name in the inventory, or the cloud resource's. */
	readonly host: string;
	/** Its place in the host's YAML, or the resource's property. */
	readonly path: string;
	/** What is wrong, with what was found. */
	readonly wrong: string;
	/** What would be right; completes the sentence after a semicolon. */
	readonly right: string;
}

export const severities = ["mandatory", "advisory", "disabled"] as const;

/** `mandatory` refuses a deployment, `advisory` only tells. */
export type Severity = (typeof severities)[number];

export type OptionValue =
	| number
	| readonly string[]
	| { readonly [name: string]: number };

/** What may be configured of a rule, with its default; numbers from 0. */
export interface Option<T extends OptionValue = OptionValue> {
	readonly description: string;
	readonly default: T;
}

export type Options = { readonly [name: string]: Option };

/** Values of a rule's options. */
export type ValuesOf<O extends Options> = {
	readonly [K in keyof O]: O[K]["default"];
};

export interface Context<O extends Options = Options> {
	readonly options: ValuesOf<O>;
	/** The day on which it is judged, such as 2026-11-21. */
	readonly today: string;
}

export const topics = [
	"cpu",
	"interrupts",
	"memory",
	"applications",
	"security",
	"rollout",
	"fleet",
	"ec2",
] as const;

export type Topic = (typeof topics)[number];

interface About<O extends Options> {
	/** The file, the policy's name, and the key of its exceptions. */
	readonly name: string;
	readonly topic: Topic;
	/** Unless the configuration says otherwise. */
	readonly severity: Severity;
	/** One sentence: what has to hold. */
	readonly demand: string;
	/** Why: what happens otherwise. */
	readonly reason: string;
	/** The document it rests on, by name and section. */
	readonly source: string;
	/** Whether it is silent about hosts without a topology. */
	readonly needsTopology?: true;
	readonly options?: O;
}

/** Judges each host by itself. */
export interface HostRule<O extends Options = Options> extends About<O> {
	readonly scope: "host";
	judge(host: HostSpec, context: Context<O>): readonly Finding[];
}

/** Judges all hosts of a stack or an inventory together. */
export interface FleetRule<O extends Options = Options> extends About<O> {
	readonly scope: "fleet";
	judge(hosts: readonly HostSpec[], context: Context<O>): readonly Finding[];
}

/** A resource of a cloud, as the engine describes it. */
export interface CloudResource {
	readonly type: string;
	readonly name: string;
	readonly props: Properties;
}

export type Properties = { readonly [name: string]: unknown };

/** Judges each resource of the given types. */
export interface CloudRule<O extends Options = Options> extends About<O> {
	readonly scope: "resource";
	readonly types: readonly string[];
	judge(resource: CloudResource, context: Context<O>): readonly Finding[];
	/** The properties as they should be, where that is safe to decide. */
	remedy?(resource: CloudResource): Properties;
}

export type Rule = HostRule | FleetRule | CloudRule;

/** `fx-1: tuning.smt: is on; write off`, one line. */
export function findingText({ host, path, wrong, right }: Finding): string {
	return `${host}: ${path === "" ? "" : `${path}: `}${wrong}; ${right}`;
}
