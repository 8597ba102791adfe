/** Numbers on the command lines of the measurements. */
import { InvalidArgumentError } from "commander";

/**
 * A whole number from 1.
 *
 * @throws InvalidArgumentError when it is none.
 */
export function wholeNumber(text: string): number {
	if (!/^[1-9][0-9]*$/.test(text)) {
		throw new InvalidArgumentError(`expected a whole number, got ${text}`);
	}
	return Number(text);
}
