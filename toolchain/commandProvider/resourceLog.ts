/**
 * Messages to the engine about one resource. The SDK's log functions know the
 * engine only inside a program, so its address is set here.
 */
import { info, warn } from "@pulumi/pulumi/log";
import { DependencyResource } from "@pulumi/pulumi/resource";
import { resetOptions } from "@pulumi/pulumi/runtime/settings";

/** The messages of a resource during an operation. */
export interface Log {
	/** A line that is shown only during the operation: output, retries. */
	progress(message: string): void;
	warn(message: string): void;
}

/** Points the SDK's log functions at the engine that started this process. */
export function connectToEngine(address: string): void {
	resetOptions("", "", 1, address, "", false, "");
}

/** The log of one resource. */
export function engineLog(urn: string): Log {
	const resource = new DependencyResource(urn);
	return {
		progress: (message) => void info(message, resource, undefined, true),
		warn: (message) => void warn(message, resource),
	};
}
