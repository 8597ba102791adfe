/** Queries the hosts of an inventory or a stack for drift. */
import { writeSync } from "node:fs";
import { sections } from "../applications/sections";
import { hostsOfGroups } from "../inventory/groups";
import { loadInventory } from "../inventory/load";
import type { HostSpec } from "../model/hostSpec";
import { suggestion } from "../model/nearest";
import { fieldsOf, textOf } from "../model/plainData";
import { printable } from "../model/printable";
import { type DriftReport, driftReport } from "../observe/drift/driftReport";
import { inventoryTargets } from "../observe/drift/fromInventory";
import { type StackTarget, stackTargets } from "../observe/drift/fromStack";
import { observe } from "../observe/drift/observe";
import type { Judged, Target } from "../observe/drift/target";
import type { Asking, FormatChoice, InventoryChoice } from "./options";
import { pulumiOutput } from "./pulumi";

/** The hosts of an inventory directory. */
export function targetsOfInventory(directory: string): readonly Target[] {
	return inventoryTargets(loadInventory(directory, sections));
}

const cannotRead =
	"expected a stack that can be read, but pulumi failed, see above; name one with --stack";

/** The name of the selected stack in the working directory. */
export function selectedStack(): string {
	return pulumiOutput(["stack", "--show-name"], cannotRead).trim();
}

/** The hosts that a stack has deployed. */
export function targetsOfStack(stack: string): readonly StackTarget[] {
	const read = (...args: readonly string[]) =>
		pulumiOutput(["stack", ...args, "--stack", stack], cannotRead);
	const targets = stackTargets(
		read("export", "--show-secrets"),
		read("history", "--json"),
	);
	if (targets.length === 0) {
		throw new Error(
			`expected a stack that was deployed, got ${stack} without hosts; run \`pulumi up\` first`,
		);
	}
	return targets;
}

/** A config value parsed as JSON, or else as text. */
function jsonOrText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		return text;
	}
}

/**
 * The hosts that `pulumi up` would deploy: of the inventory and the groups in
 * the stack's config.
 */
export function inventoryOfStack(stack: string): readonly HostSpec[] {
	const config = fieldsOf(
		JSON.parse(
			pulumiOutput(["config", "--json", "--stack", stack], cannotRead),
		),
		"config",
	);
	const configured = (key: string): string | undefined => {
		const where = `metaltune:${key} in the stack's config`;
		const entry = config[`metaltune:${key}`];
		return entry === undefined
			? undefined
			: textOf(fieldsOf(entry, where).value, where);
	};
	const specs = loadInventory(configured("hosts") ?? "hosts", sections);
	const groups = configured("groups");
	return hostsOfGroups(
		specs,
		groups === undefined ? undefined : jsonOrText(groups),
	);
}

/**
 * The hosts with the given names; all without names.
 *
 * @throws Error for every name that no host has.
 */
export function chosenHosts<T extends Target>(
	targets: readonly T[],
	names: readonly string[] | undefined,
): readonly T[] {
	if (names === undefined) return targets;
	const known = targets.map(({ name }) => name);
	const wrong = names.filter((name) => !known.includes(name));
	if (wrong.length > 0) {
		throw new Error(
			`--host: expected names of hosts, got ${wrong
				.map((name) => `${JSON.stringify(name)}${suggestion(name, known)}`)
				.join("; ")}`,
		);
	}
	return targets.filter(({ name }) => names.includes(name));
}

/** One line that is overwritten as hosts answer. */
function progressLine(names: readonly string[]) {
	const waiting = new Set(names);
	const show = () => {
		const [next] = waiting;
		const of = `${names.length - waiting.size} of ${names.length} hosts`;
		const text = next === undefined ? of : `${of}, waiting for ${next}`;
		const width = (process.stderr.columns ?? 80) - 1;
		writeSync(2, `\r\u001b[K${printable(text).slice(0, width)}`);
	};
	show();
	return {
		done(name: string) {
			waiting.delete(name);
			show();
		},
		end: () => writeSync(2, "\r\u001b[K"),
	};
}

/** Queries hosts and reports their answers. */
export async function driftOf(
	targets: readonly Target[],
	judged: Judged,
	options: Asking & { readonly showProgress: boolean },
): Promise<DriftReport> {
	const line =
		options.showProgress && process.stderr.isTTY
			? progressLine(targets.map(({ name }) => name))
			: undefined;
	try {
		const hosts = await observe(targets, {
			parallel: options.parallel,
			...(options.timeout === undefined
				? {}
				: { timeoutSeconds: options.timeout }),
			done: ({ name }) => line?.done(name),
		});
		return driftReport(judged, hosts, new Date());
	} finally {
		line?.end();
	}
}

/** Options of `metaltune drift`. */
export interface DriftOptions extends Asking, InventoryChoice, FormatChoice {
	readonly stack?: string;
	readonly host?: readonly string[];
}

/** The drift of a named stack's hosts, or else of an inventory's hosts. */
export function driftOfHosts(options: DriftOptions): Promise<DriftReport> {
	const { inventory, stack, host, format, json } = options;
	const [targets, judged] =
		stack === undefined
			? ([targetsOfInventory(inventory), { inventory }] as const)
			: ([targetsOfStack(stack), { stack }] as const);
	return driftOf(chosenHosts(targets, host), judged, {
		...options,
		showProgress: format === "text" && json === undefined,
	});
}
