/** Options that more than one command takes, and what their values are. */
import { InvalidArgumentError, Option } from "commander";

/** How hosts are asked. */
export interface Asking {
	readonly parallel: number;
	/** Seconds that one host may take; what it declares, or 60, without it. */
	readonly timeout?: number;
}

const defaults: Asking = { parallel: 32 };

/**
 * A whole number above 0.
 *
 * @throws InvalidArgumentError when it is none.
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

/** `--format`, one of the names of `formats`. */
export function formatOption(formats: object, usual: string): Option {
	return new Option("--format <format>", "of the report")
		.choices(Object.keys(formats))
		.default(usual);
}

/** `--json`, of commands that take `--format`. */
export function jsonOption(): Option {
	return new Option("--json", "the same as --format json");
}
