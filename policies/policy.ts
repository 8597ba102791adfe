/** Turns rules into policies of Pulumi's engine. */
import type {
	PolicyConfigSchema,
	PolicyResource,
	ReportViolation,
	ResourceValidationArgs,
	ResourceValidationPolicy,
	StackValidationPolicy,
} from "@pulumi/policy";
import type { HostSpec } from "../model/hostSpec";
import { defaultsOf } from "./configuration";
import { dayOf, findingsOf } from "./judgeRules";
import {
	type CloudRule,
	type Context,
	type FleetRule,
	findingText,
	type HostRule,
	type Options,
	type OptionValue,
	type Rule,
} from "./rule";

const hostType = "metaltune:index:TunedHost";

/** The inputs of TunedHost are the description; see tunedHost.ts. */
function hostOf({ props }: Pick<PolicyResource, "props">): HostSpec {
	return props as HostSpec;
}

function valueSchema(like: OptionValue) {
	const size = { type: "number", minimum: 0 } as const;
	if (typeof like === "number") return size;
	return Array.isArray(like)
		? ({ type: "array", items: { type: "string" } } as const)
		: ({ type: "object", additionalProperties: size } as const);
}

function configSchemaOf(options: Options): PolicyConfigSchema {
	return {
		properties: Object.fromEntries(
			Object.entries(options).map(([name, option]) => [
				name,
				{ description: option.description, ...valueSchema(option.default) },
			]),
		),
	};
}

function aboutOf(rule: Rule) {
	const { name, demand, reason, source, severity, options } = rule;
	return {
		name,
		description: `${demand}. ${reason} (${source})`,
		enforcementLevel: severity,
		...(options === undefined ? {} : { configSchema: configSchemaOf(options) }),
	};
}

function contextOf(
	{ options }: Rule,
	args: Pick<ResourceValidationArgs, "getConfig">,
): Context {
	const configured = args.getConfig<Context["options"]>();
	return {
		options: { ...defaultsOf(options), ...configured },
		today: dayOf(new Date()),
	};
}

function hostPolicy(rule: HostRule): ResourceValidationPolicy {
	return {
		...aboutOf(rule),
		validateResource: (args, report: ReportViolation) => {
			if (args.type !== hostType) return;
			const context = contextOf(rule, args);
			for (const finding of findingsOf(rule, [hostOf(args)], context)) {
				report(findingText(finding));
			}
		},
	};
}

/** web-2 before web-10, as inventories usually list hosts. */
function byName(a: HostSpec, b: HostSpec): number {
	return a.name.localeCompare(b.name, "en", { numeric: true });
}

/**
 * At the end of a run the engine shows only the outputs of a component. The
 * policy therefore keeps the inputs when the engine shows them. The engine
 * registers resources in an arbitrary order, so the policy sorts the hosts:
 * the same stack always gets the same findings.
 */
function fleetPolicy(
	rule: FleetRule,
): ResourceValidationPolicy & StackValidationPolicy {
	const hosts = new Map<string, HostSpec>();
	return {
		...aboutOf(rule),
		validateResource: (args) => {
			if (args.type === hostType) hosts.set(args.urn, hostOf(args));
		},
		validateStack: (args, report: ReportViolation) => {
			const present = args.resources
				.filter(({ type }) => type === hostType)
				.flatMap(({ urn }) => {
					const host = hosts.get(urn);
					return host === undefined ? [] : [{ urn, host }];
				})
				.toSorted((a, b) => byName(a.host, b.host));
			const found = findingsOf(
				rule,
				present.map(({ host }) => host),
				contextOf(rule, args),
			);
			for (const finding of found) {
				const of = present.find(({ host }) => host.name === finding.host);
				report(findingText(finding), of?.urn);
			}
		},
	};
}

function cloudPolicy(rule: CloudRule): ResourceValidationPolicy {
	const findingsIn = (args: ResourceValidationArgs) =>
		rule.types.includes(args.type)
			? rule.judge(args, contextOf(rule, args))
			: [];
	return {
		...aboutOf(rule),
		validateResource: (args, report: ReportViolation) => {
			for (const finding of findingsIn(args)) report(findingText(finding));
		},
		...(rule.remedy === undefined
			? {}
			: {
					remediateResource: (args: ResourceValidationArgs) =>
						findingsIn(args).length > 0 ? rule.remedy?.(args) : undefined,
				}),
	};
}

/** A rule as a policy, whose level and options can be configured. */
export function policyOf(
	rule: Rule,
): ResourceValidationPolicy | StackValidationPolicy {
	switch (rule.scope) {
		case "host":
			return hostPolicy(rule);
		case "fleet":
			return fleetPolicy(rule);
		case "resource":
			return cloudPolicy(rule);
	}
}
