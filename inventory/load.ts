/**
 * Reads the inventory directory: every group. The problems of all files are
 * reported together.
 */
import { readdirSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { endpointOf } from "../model/endpoint";
import { errorCode } from "../model/errorCode";
import type { HostSpec } from "../model/hostSpec";
import {
	formatProblem,
	InventoryError,
	type Location,
	type Problem,
	problemSink,
} from "../model/problem";
import type { SecretReader } from "./decode/fileContent";
import { decodeGroup, type LocatedHost } from "./decodeGroup";
import { inventoryDecoders } from "./decoders";
import { extendedTree } from "./extends";
import type { Sections } from "./tunable";
import { projectOf, readProjectFile } from "./yaml/projectFile";
import { limits } from "./yaml/yamlDocument";

function groupFiles(directory: string): readonly string[] {
	const refuse = (message: string): never => {
		const file = basename(resolve(directory));
		const at = { file, line: 1, col: 1 };
		throw new InventoryError([{ ...at, path: "", message }]);
	};
	const names = (() => {
		try {
			return readdirSync(directory);
		} catch (error) {
			return refuse(
				`expected a directory with one YAML file per group of machines, got ${errorCode(error)}`,
			);
		}
	})();
	const groups = names.filter((name) => name.endsWith(".yaml")).toSorted();
	return groups.length === 0
		? refuse(
				"expected at least one group of machines in a .yaml file, got none",
			)
		: groups.map((name) => resolve(directory, name));
}

function reportDuplicates(
	hosts: readonly LocatedHost[],
	problems: Problem[],
	trait: { readonly name: string; of(spec: HostSpec): string | undefined },
): void {
	const seen = new Map<string, Location>();
	for (const { at, spec } of hosts) {
		const value = trait.of(spec);
		if (value === undefined) continue;
		const first = seen.get(value);
		if (first === undefined) {
			seen.set(value, at);
			continue;
		}
		problemSink(problems, `machines.${spec.name}`).report(
			at,
			`expected each ${trait.name} once, got ${value} here and at ${first.file}:${first.line}:${first.col}`,
		);
	}
}

/**
 * In reading order, without the duplicates that a group's problem has for each
 * of its machines.
 */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
	const byText = new Map(problems.map((each) => [formatProblem(each), each]));
	return [...byText.values()].toSorted(
		(a, b) =>
			Number(a.file > b.file) - Number(a.file < b.file) ||
			a.line - b.line ||
			a.col - b.col,
	);
}

function deepFreeze<T>(value: T): T {
	if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
		for (const each of Object.values(value)) deepFreeze(each);
		Object.freeze(value);
	}
	return value;
}

/** What the inventory needs from a stack. */
export interface OfStack {
	/** Without it, the contents of the stack's secrets stay unknown. */
	readonly secret?: SecretReader;
}

/**
 * Loads every group of a directory.
 *
 * @param directory holds one YAML file per group; files in subdirectories are
 *   only extended.
 * @param sections what settings come from.
 * @returns the hosts by name, as frozen plain JSON data.
 * @throws InventoryError with every problem of every file; places are relative
 *   to the directory's parent.
 */
export function loadInventory(
	directory: string,
	sections: Sections,
	stack: OfStack = {},
): readonly HostSpec[] {
	const hosts = loadLocated(directory, sections, stack);
	return Object.freeze(hosts.map(({ spec }) => spec));
}

/** The same, with each host's tree, which has the place of every value. */
export function loadLocated(
	directory: string,
	sections: Sections,
	{ secret }: OfStack = {},
): readonly LocatedHost[] {
	const problems: Problem[] = [];
	const parent = dirname(resolve(directory));
	const project = projectOf(directory);
	const treeOf = extendedTree({
		read: (path) => readProjectFile(project, path, limits.bytes),
		shown: (path) => relative(parent, path),
		secret,
		problems,
	});
	const { tunables, applications } = sections;
	const decoders = inventoryDecoders(tunables);
	const hosts = groupFiles(directory).flatMap((path) => {
		const found = treeOf(path);
		if (found === undefined) return [];
		const name = basename(path, ".yaml");
		const { tree: node, isPartial } = found;
		const parts = { name, node, isPartial, decoders, applications, secret };
		return decodeGroup({ ...parts, base: parent, project }, problems);
	});
	reportDuplicates(hosts, problems, { name: "name", of: ({ name }) => name });
	reportDuplicates(hosts, problems, {
		name: "address",
		// An instance has no address yet.
		of: ({ aws, connection }) =>
			aws === undefined ? endpointOf(connection) : undefined,
	});
	if (problems.length > 0) throw new InventoryError(inOrder(problems));
	for (const { spec } of hosts) deepFreeze(spec);
	return hosts.toSorted(
		({ spec: a }, { spec: b }) =>
			Number(a.name > b.name) - Number(a.name < b.name),
	);
}
