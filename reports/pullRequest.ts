/**
 * The changes of a deployment, from `pulumi preview --json`, for a comment on a
 * pull request. It shows the old and new value of every key of every host.
 */

import { fieldsOf, listOf } from "../model/plainData";
import { cellText } from "../observe/drift/driftReport";
import type { LintReport } from "../policies/lintReport";
import { lintMarkdown } from "./lintFormats";
import { bounded, code, row } from "./markdown";

/** A key of a host; a value is absent where the key is not declared. */
export interface KeyChange {
	readonly host: string;
	readonly key: string;
	readonly before?: string;
	readonly after?: string;
	/** Whether only a boot makes it effective. */
	readonly needsReboot: boolean;
}

export interface Review {
	/** The stack's name; "" where the preview failed before its first step. */
	readonly stack: string;
	readonly keys: readonly KeyChange[];
	/** Hosts that are no longer declared, whose settings are reverted. */
	readonly leaving: readonly string[];
	/** Changes of other resources, such as `create aws:... NAME`. */
	readonly others: readonly string[];
	/** The engine's error messages. */
	readonly errors: readonly string[];
}

const stateType = "metaltune:index:HostState";
/** Resources that only follow the state of their host. */
const following = [
	"metaltune:index:HostReady",
	"metaltune:index:TunedHost",
	"metaltune:index:Fleet",
	"pulumi:pulumi:Stack",
	"pulumi:providers:",
];

interface Step {
	readonly op: string;
	readonly type: string;
	readonly name: string;
	readonly before: Settings;
	readonly after: Settings;
	readonly rules: Settings;
}

type Settings = { readonly [key: string]: unknown };

function mapIn(value: unknown, ...path: readonly string[]): Settings {
	const found = path.reduce<unknown>((map, key) => {
		const isMap = typeof map === "object" && map !== null;
		return isMap && Object.hasOwn(map, key) ? Reflect.get(map, key) : undefined;
	}, value);
	return typeof found === "object" && found !== null ? { ...found } : {};
}

function stepOf(value: unknown): Step {
	const { op, urn, oldState, newState } = fieldsOf(value, "steps");
	const [, , types = "", name = ""] = String(urn).split("::");
	const observed = mapIn(oldState, "outputs", "settings");
	const declared = mapIn(oldState, "inputs", "settings");
	return {
		op: String(op),
		type: types.split("$").at(-1) ?? "",
		name,
		before: Object.keys(observed).length > 0 ? observed : declared,
		after: mapIn(newState, "inputs", "settings"),
		rules: mapIn(newState, "inputs", "rules"),
	};
}

function changesOf({ name, before, after, rules }: Step): readonly KeyChange[] {
	const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
	return [...keys].toSorted().flatMap((key) => {
		const was = before[key];
		const is = after[key];
		if (was === is) return [];
		return [
			{
				host: name,
				key,
				...(was === undefined ? {} : { before: String(was) }),
				...(is === undefined ? {} : { after: String(is) }),
				needsReboot: String(rules[key] ?? "").endsWith("reboot"),
			},
		];
	});
}

/**
 * Reads a preview.
 *
 * @param json the parsed output of `pulumi preview --json`.
 * @throws Error when it is not the output of a preview.
 */
export function reviewOf(json: unknown): Review {
	const { steps, diagnostics } = fieldsOf(json, "the preview");
	const all = listOf(steps ?? [], "steps").map(stepOf);
	const moving = all.filter(({ op }) => op !== "same" && op !== "read");
	const hosts = moving.filter(({ type }) => type === stateType);
	const stays = hosts.filter(({ op }) => !op.startsWith("delete"));
	const [first] = listOf(steps ?? [], "steps");
	const urn = first === undefined ? "" : String(fieldsOf(first, "steps").urn);
	return {
		stack: urn.split("::")[0]?.split(":").at(-1) ?? "",
		keys: stays.flatMap(changesOf),
		leaving: hosts
			.filter((step) => !stays.includes(step))
			.map(({ name }) => name),
		others: moving
			.filter(
				({ type }) =>
					type !== stateType &&
					type !== "command:remote:Command" &&
					!following.some((each) => type.startsWith(each)),
			)
			.map(({ op, type, name }) => `${op} ${type} ${name}`),
		errors: listOf(diagnostics ?? [], "diagnostics")
			.map((each) => fieldsOf(each, "diagnostics"))
			.filter(({ severity }) => severity === "error")
			.map(({ message }) => String(message).trim()),
	};
}

const longestCell = 120;

function cell(text: string | undefined, absent: string): string {
	return text === undefined ? absent : code(cellText(text, longestCell));
}

function keysTable(keys: readonly KeyChange[]): readonly string[] {
	if (keys.length === 0) return [];
	const rows = keys.map(({ host, key, before, after, needsReboot }) =>
		row([
			code(host),
			code(key),
			cell(before, "not declared"),
			cell(after, "put back"),
			needsReboot ? "reboot" : "",
		]),
	);
	const rest = (left: number) => `\n${left} more keys did not fit.`;
	return [
		[
			row(["host", "key", "old", "new", "takes"]),
			row(["---", "---", "---", "---", "---"]),
			...bounded(rows, 25_000, rest),
		].join("\n"),
	];
}

function listed(title: string, lines: readonly string[]): readonly string[] {
	if (lines.length === 0) return [];
	const items = lines.map((line) => `- ${code(cellText(line, 300))}`);
	const rest = (left: number) => `- ${left} more did not fit.`;
	return [[title, "", ...bounded(items, 5000, rest)].join("\n")];
}

/** The start of the first line of every such comment; the stack follows. */
export const reviewMark = "<!-- metaltune ci comment";

function summary({ keys, leaving, errors }: Review): string {
	const hosts = new Set(keys.map(({ host }) => host)).size;
	const reboots = new Set(
		keys.filter(({ needsReboot }) => needsReboot).map(({ host }) => host),
	).size;
	const parts = [
		`${keys.length} ${keys.length === 1 ? "key" : "keys"} of ${hosts} ${hosts === 1 ? "host" : "hosts"}`,
		...(reboots === 0 ? [] : [`${reboots} to reboot`]),
		...(leaving.length === 0 ? [] : [`${leaving.length} leaving`]),
	];
	const failed = errors.length === 0 ? "" : "; **the preview failed**";
	return `${parts.join(", ")}${failed}`;
}

/**
 * The comment, below GitHub's limit of 65,536 characters.
 *
 * @param preview absent when none ran, as for a fork without secrets.
 * @param lint the findings of rules in the inventory.
 * @param stack identifies the comment; by default, the preview's stack.
 */
export function reviewMarkdown(
	preview: Review | undefined,
	lint: LintReport,
	stack = preview?.stack ?? "",
): string {
	const planned =
		preview === undefined
			? ["No preview: it failed at once, or this run may not see the stack."]
			: [
					summary(preview),
					...keysTable(preview.keys),
					...listed("Hosts that leave:", preview.leaving),
					...listed("Other resources:", preview.others),
					...listed("Errors:", preview.errors),
				];
	return [
		`${reviewMark} ${stack.replace(/[^A-Za-z0-9_.-]/g, "_")} -->`,
		`### What changes${stack === "" ? "" : ` of ${code(stack)}`}`,
		...planned,
		"### What the rules say",
		lintMarkdown(lint),
	]
		.join("\n\n")
		.concat("\n");
}
