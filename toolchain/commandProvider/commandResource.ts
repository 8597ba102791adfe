/** A resource of this provider: a table of inputs, and its verbs. */
import { randomBytes } from "node:crypto";
import type { Printed } from "./commandOutput";
import { type Shape, textOf } from "./inputs";
import type { Log } from "./resourceLog";
import type { Properties } from "./secrets";

/** Verbs get plain properties and return what they add to the inputs. */
export interface Resource {
	readonly shape: Shape;
	/** The new resource's identity, from its name in the program. */
	newId(name: string): string;
	create(inputs: Properties, log: Log): Promise<Properties>;
	update(olds: Properties, news: Properties, log: Log): Promise<Properties>;
	delete(state: Properties, log: Log): Promise<void>;
}

/** Eight random hexadecimal digits. */
export function randomHex(): string {
	return randomBytes(4).toString("hex");
}

/** Runs one command with the environment, stdin and so on from the inputs. */
export type Run = (
	command: string,
	properties: Properties,
	log: Log,
) => Promise<Printed>;

/**
 * The life of a command: `create`, then `update` or again `create` whenever an
 * input changes, then `delete`. An absent text runs nothing.
 */
export function commandResource(shape: Shape, run: Run): Resource {
	const runOrKeep = (
		command: string | undefined,
		properties: Properties,
		log: Log,
	) =>
		command === undefined
			? Promise.resolve(printedBefore(properties))
			: run(command, properties, log);
	return {
		shape,
		newId: (name) => `${name}${randomHex()}`,
		create: async (inputs, log) => ({
			...(await runOrKeep(textOf(inputs, "create"), inputs, log)),
		}),
		update: async (olds, news, log) => ({
			...(await runOrKeep(
				textOf(news, "update") ?? textOf(news, "create"),
				{ ...news, ...printedBefore(olds) },
				log,
			)),
		}),
		delete: async (state, log) => {
			await runOrKeep(textOf(state, "delete"), state, log);
		},
	};
}

function printedBefore(state: Properties): Printed {
	return {
		stdout: textOf(state, "stdout") ?? "",
		stderr: textOf(state, "stderr") ?? "",
	};
}
