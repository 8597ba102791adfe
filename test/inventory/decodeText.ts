/**
 * Runs a decoder on YAML text, as the inventory does on a file.
 */
import type { Decoder } from "../../inventory/decode/decoder";
import { parseYaml } from "../../inventory/yaml/located";
import { formatProblem, type Problem, problemSink } from "../../model/problem";

export interface Outcome<T> {
	readonly value: T | undefined;
	readonly problems: readonly string[];
}

/** Problems come as `x.yaml:1:1: path: message`. */
export function decodeText<T>(decoder: Decoder<T>, yaml: string): Outcome<T> {
	const problems: Problem[] = [];
	const sink = problemSink(problems);
	const node = parseYaml("x.yaml", Buffer.from(yaml), sink);
	const value = node === undefined ? undefined : decoder.decode(node, sink);
	return { value, problems: problems.map(formatProblem) };
}
