/**
 * A rule is a pure function from descriptions to findings, with its reason.
 * The policy pack and `metaltune lint` run the same rules.
 */
import type { HostSpec } from "../model/hostSpec";

/** One declared thing that does not work, or is unsafe. */
export interface Finding {
	/** The host's name in the inventory, or the cloud resource's. */
	readonly host: string;
	/** Its place in the host's YAML, or the resource's property. */
	readonly path: string;
	/** What is wrong, with the declared value. */
	readonly wrong: string;
	/** What to do; follows `wrong` and a semicolon. */
	readonly right: string;
}

export const severities = ["mandatory", "advisory", "disabled"] as const;

/** `mandatory` refuses a deployment, `advisory` only reports. */
export type Severity = (typeof severities)[number];

export type OptionValue =
	| number
	| readonly string[]
	| { readonly [name: string]: number };

/** An option of a rule, with its default; numbers are at least 0. */
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
	/** The current date, such as 2026-11-21. */
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
	/** The level, unless the configuration sets another one. */
	readonly severity: Severity;
	/** What must hold: sentences, without the last full stop. */
	readonly demand: string;
	/** What happens otherwise: sentences, without the last full stop. */
	readonly reason: string;
	/** The document that supports it, by name and section. */
	readonly source: string;
	/** Set if the rule cannot judge hosts without a topology. */
	readonly needsTopology?: true;
	readonly options?: O;
}

/** Judges each host on its own. */
export interface HostRule<O extends Options = Options> extends About<O> {
	readonly scope: "host";
	judge(host: HostSpec, context: Context<O>): readonly Finding[];
}

/** Judges all hosts of a stack or an inventory together. */
export interface FleetRule<O extends Options = Options> extends About<O> {
	readonly scope: "fleet";
	judge(hosts: readonly HostSpec[], context: Context<O>): readonly Finding[];
}

/** A cloud resource as the engine shows it. */
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
	/** Corrected properties, if exactly one correction is right. */
	remedy?(resource: CloudResource): Properties;
}

export type Rule = HostRule | FleetRule | CloudRule;

/** `fx-1: tuning.smt: is on; write off`, one line. */
export function findingText({ host, path, wrong, right }: Finding): string {
	return `${host}: ${path === "" ? "" : `${path}: `}${wrong}; ${right}`;
}
