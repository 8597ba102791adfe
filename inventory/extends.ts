/**
 * Resolves `extends`: lays a file's tree over the trees of the files it names.
 */
import { dirname, resolve } from "node:path";
import { errorCode } from "../model/errorCode";
import { type Location, type Problem, problemSink } from "../model/problem";
import type { SecretReader } from "./decode/fileContent";
import { extendsKey } from "./decoders";
import { withSources } from "./sections/fileSources";
import { parseYaml } from "./yaml/located";
import {
	entryOf,
	foundText,
	type MapNode,
	mergeNodes,
	type Node,
} from "./yaml/node";

interface Files {
	/** @throws Error when there is no such file. */
	read(path: string): Uint8Array;
	/** The path as problems show it. */
	shown(path: string): string;
	/** Absent where the inventory is read without a stack. */
	readonly secret?: SecretReader | undefined;
	/** Problems are appended here. */
	readonly problems: Problem[];
}

/** A file that `extends` names, and the place of that name. */
interface Parent {
	readonly path: string;
	readonly at: Location;
}

function parentsOf(
	path: string,
	tree: MapNode,
	problems: Problem[],
): readonly Parent[] | undefined {
	const value = entryOf(tree, "extends")?.value;
	if (value === undefined) return [];
	const sink = problemSink(problems, "extends");
	const names = extendsKey.decode(value, sink);
	if (names === undefined) return undefined;
	const places: readonly Node[] =
		value.kind === "sequence" ? value.items : [value];
	return [names].flat().map((name, index) => ({
		path: resolve(dirname(path), `${name}.yaml`),
		at: places[index]?.at ?? value.at,
	}));
}

function without(map: MapNode, key: string): MapNode {
	return { ...map, entries: map.entries.filter((each) => each.key !== key) };
}

function ownTree(
	files: Files,
	path: string,
	from: Location | undefined,
): MapNode | undefined {
	const file = files.shown(path);
	const sink = problemSink(files.problems);
	let bytes: Uint8Array;
	try {
		bytes = files.read(path);
	} catch (error) {
		(from === undefined ? sink : sink.within("extends")).report(
			from ?? { file, line: 1, col: 1 },
			`expected a file that can be read at ${file}, got ${errorCode(error)}`,
		);
		return undefined;
	}
	const tree = parseYaml(file, bytes, sink);
	if (tree === undefined) return undefined;
	if (tree.kind === "map") {
		const { secret } = files;
		const read = (name: string) => files.read(resolve(dirname(path), name));
		return withSources(tree, { read, secret }, sink);
	}
	sink.report(tree.at, `expected a map, got ${foundText(tree)}`);
	return undefined;
}

function isProfile(tree: MapNode, problems: Problem[]): boolean {
	const machines = entryOf(tree, "machines");
	if (machines === undefined) return true;
	problemSink(problems, "machines").report(
		machines.keyAt,
		"expected no machines in a file that another one extends; move them to a group of their own",
	);
	return false;
}

/** A file's tree, with the files that it extends. */
export interface ExtendedTree {
	/** With all extended files merged in, and `extends` removed. */
	readonly tree: MapNode;
	/** Whether an extended file could not be read and is therefore missing. */
	readonly isPartial: boolean;
}

function merged(
	bases: readonly (ExtendedTree | undefined)[],
	own: MapNode,
): ExtendedTree {
	const found = bases.filter((base) => base !== undefined);
	const layers = [...found.map(({ tree }) => tree), own];
	return {
		tree: layers.reduce((base, over) => {
			const both = mergeNodes(base, over);
			return both.kind === "map" ? both : over;
		}),
		isPartial:
			found.length < bases.length || found.some((base) => base.isPartial),
	};
}

/**
 * Makes a function from a group's path to its tree. It returns undefined when
 * the file itself cannot be read. Each file is read once.
 */
export function extendedTree(
	files: Files,
): (path: string) => ExtendedTree | undefined {
	const { problems, shown } = files;
	const done = new Map<string, ExtendedTree | undefined>();

	function baseOf(parent: Parent, trail: readonly string[]) {
		if (trail.includes(parent.path)) {
			const cycle = [...trail, parent.path].map(shown).join(" -> ");
			problemSink(problems, "extends").report(
				parent.at,
				`expected no cycle, got ${cycle}`,
			);
			return undefined;
		}
		const base = load(parent.path, parent.at, trail);
		return base && isProfile(base.tree, problems) ? base : undefined;
	}

	function load(
		path: string,
		from: Location | undefined,
		chain: readonly string[],
	): ExtendedTree | undefined {
		if (done.has(path)) return done.get(path);
		const own = ownTree(files, path, from);
		const parents = own && parentsOf(path, own, problems);
		const bases = parents?.map((parent) => baseOf(parent, [...chain, path]));
		// A malformed `extends` counts as a file that cannot be read.
		const tree = own && merged(bases ?? [undefined], without(own, "extends"));
		done.set(path, tree);
		return tree;
	}

	return (path) => load(path, undefined, []);
}
