/**
 * What the SDK logs for `pulumi up --debug`: every answer of the engine, in
 * which secrets are plain text. The engine takes those of the stack's config out
 * of its log, and knows no others, such as a key that was read from a file.
 */
import { withoutKeys } from "../model/printable";

type Log = typeof import("@pulumi/pulumi/log");

/** Keeps private keys out of the debug log of this process. */
export function keepKeysOutOfDebugLog(): void {
	// The module itself: an import would be a copy that the SDK does not look at.
	const log: Log = require("@pulumi/pulumi/log");
	const { debug } = log;
	const quiet: Log["debug"] = (message, ...where) =>
		debug(withoutKeys(message), ...where);
	Object.assign(log, { debug: quiet });
}
