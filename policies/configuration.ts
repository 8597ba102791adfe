/**
 * Level and options of each rule. `metaltune lint` reads the same JSON file as
 * `pulumi --policy-pack-config`.
 */
import { suggestion } from "../model/nearest";
import { isFields } from "../model/plainData";
import type { Options, OptionValue, Rule, Severity } from "./rule";

/** Level and options with which a rule is applied. */
export interface Applied {
	readonly severity: Severity;
	readonly options: { readonly [name: string]: OptionValue };
}

/** By rule; rules that the file does not name have their defaults. */
export type Configuration = ReadonlyMap<string, Applied>;

/** The configuration is invalid; the message has one line per problem. */
export class ConfigurationError extends Error {}

/** Pulumi's levels. lint cannot remediate, so it refuses instead. */
const levels: { readonly [level: string]: Severity } = {
	mandatory: "mandatory",
	remediate: "mandatory",
	advisory: "advisory",
	disabled: "disabled",
};

function isNumber(value: unknown): boolean {
	return typeof value === "number" && value >= 0;
}

/** Whether a value has the same type as an option's default. */
function isLike(value: unknown, like: OptionValue): value is OptionValue {
	if (typeof like === "number") return isNumber(value);
	if (Array.isArray(like)) {
		return (
			Array.isArray(value) && value.every((each) => typeof each === "string")
		);
	}
	return isFields(value) && Object.values(value).every(isNumber);
}

/** The default of each option. */
export function defaultsOf(options: Options | undefined): Applied["options"] {
	return Object.fromEntries(
		Object.entries(options ?? {}).map(([name, option]) => [
			name,
			option.default,
		]),
	);
}

function applied(
	rule: Rule,
	given: { readonly all: unknown; readonly own: unknown },
	complain: (message: string) => void,
): Applied {
	const own = isFields(given.own) ? given.own : { enforcementLevel: given.own };
	const { enforcementLevel = given.all, ...written } = own;
	const severity =
		enforcementLevel === undefined
			? rule.severity
			: levels[String(enforcementLevel)];
	if (severity === undefined) {
		complain(
			`${rule.name}: expected ${Object.keys(levels).join(", ")}, got ${JSON.stringify(enforcementLevel)}`,
		);
	}
	for (const [name, value] of Object.entries(written)) {
		const option = rule.options?.[name];
		if (option === undefined) {
			complain(
				`${rule.name}.${name}: this option is not known${suggestion(name, Object.keys(rule.options ?? {}))}`,
			);
		} else if (!isLike(value, option.default)) {
			complain(
				`${rule.name}.${name}: expected a value like ${JSON.stringify(option.default)}, got ${JSON.stringify(value)}`,
			);
		}
	}
	return {
		severity: severity ?? rule.severity,
		options: {
			...defaultsOf(rule.options),
			...(written as Applied["options"]),
		},
	};
}

/**
 * Reads a configuration.
 *
 * @param json the parsed file, or {} for all defaults.
 * @throws ConfigurationError with every problem.
 */
export function configurationOf(
	rules: readonly Rule[],
	json: unknown,
): Configuration {
	if (!isFields(json)) {
		throw new ConfigurationError(
			`expected a map from rules to their configuration, got ${JSON.stringify(json)}`,
		);
	}
	const problems: string[] = [];
	const { all, ...byRule } = json;
	const names = rules.map(({ name }) => name);
	for (const name of Object.keys(byRule)) {
		if (names.includes(name)) continue;
		problems.push(`${name}: there is no such rule${suggestion(name, names)}`);
	}
	const entries = rules.map((rule) => {
		const own = Object.hasOwn(byRule, rule.name)
			? byRule[rule.name]
			: undefined;
		const found = applied(rule, { all, own }, (message) => {
			problems.push(message);
		});
		return [rule.name, found] as const;
	});
	if (problems.length > 0) throw new ConfigurationError(problems.join("\n"));
	return new Map(entries);
}
