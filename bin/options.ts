/** Options that more than one command takes. */
import { InvalidArgumentError } from "commander";

/** A whole number above 0. */
export function wholeNumber(text: string): number {
	if (!/^[1-9][0-9]{0,8}$/.test(text)) {
		throw new InvalidArgumentError(
			`expected a whole number above 0, got ${JSON.stringify(text)}`,
		);
	}
	return Number(text);
}
