/**
 * The SDK's log of `pulumi up --debug` has every answer of the engine, with
 * secrets in plain text. The engine removes the secrets of the stack's config
 * from it. It does not know others, such as a key that was read from a file.
 */
import { withoutKeys } from "../model/printable";

type Log = typeof import("@pulumi/pulumi/log");

/** Keeps private keys out of the debug log of this process. */
export function keepKeysOutOfDebugLog(): void {
	// The module itself: an import would be a copy that the SDK does not use.
	const log: Log = require("@pulumi/pulumi/log");
	const { debug } = log;
	const quiet: Log["debug"] = (message, ...where) =>
		debug(withoutKeys(message), ...where);
	Object.assign(log, { debug: quiet });
}
