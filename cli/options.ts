/** Options that several commands share, and their values. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Format, formatsOf } from "../reports/formats";

/** How hosts are queried. */
export interface Asking {
	readonly parallel: number;
	/** Seconds that one host may take; by default, what it declares, or 60. */
	readonly timeout?: number;
}

const defaults: Asking = { parallel: 32 };

/**
 * A whole number above 0.
 *
 * @throws InvalidArgumentError when it is not one.
 */
export function wholeNumber(text: string): number {
	if (!/^[1-9][0-9]{0,8}$/.test(text)) {
		throw new InvalidArgumentError(
			`expected a whole number above 0, got ${JSON.stringify(text)}`,
		);
	}
	return Number(text);
}

/** `--parallel`, of Asking. */
export function parallelOption(): Option {
	return new Option("--parallel <number>", "hosts asked at once")
		.argParser(wholeNumber)
		.default(defaults.parallel);
}

/** `--timeout`, of Asking. */
export function timeoutOption(): Option {
	return new Option(
		"--timeout <seconds>",
		"how long one host may take (default: its connection.timeouts.probeSeconds, else 60)",
	).argParser(wholeNumber);
}

/** `--watch`: how long CPUs are watched. */
export function watchOption(): Option {
	return new Option(
		"--watch <seconds>",
		"how long CPUs are watched for items that are measured; 0 leaves those out",
	)
		.argParser((text) => {
			if (/^(?:0|[1-9][0-9]{0,3})$/.test(text)) return Number(text);
			throw new InvalidArgumentError(
				`expected whole seconds from 0 to 9999, got ${JSON.stringify(text)}`,
			);
		})
		.default(5);
}

/** The inventory that a command reads. */
export interface InventoryChoice {
	readonly inventory: string;
}

/** `--inventory`, of InventoryChoice. */
export function inventoryOption(): Option {
	return new Option(
		"--inventory <directory>",
		"the inventory: a YAML file per group of machines",
	).default("hosts");
}

/** `--stack`, without a default; `meaning` is its help text. */
export function stackOption(meaning: string): Option {
	return new Option("--stack <name>", meaning);
}

/** `--host`: names for `chosenHosts`. */
export function hostOption(): Option {
	return new Option("--host <name...>", "only these hosts");
}

/** The format in which a command prints its report. */
export interface FormatChoice {
	readonly format: Format;
	readonly json?: true;
}

/**
 * Adds `--format`, and `--json` as short for `--format json`, to a command.
 *
 * @param renderers the formats of its output.
 */
export function withFormats(command: Command, renderers: object): Command {
	const text: Format = "text";
	return command
		.addOption(
			new Option("--format <format>", "how the report is printed")
				.choices(formatsOf(renderers))
				.default(text),
		)
		.addOption(
			new Option("--json", "short for --format json").conflicts("format"),
		);
}
