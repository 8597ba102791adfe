/**
 * Messages to the engine about one resource. The SDK's log functions reach the
 * engine only inside a program, so they are told its address here.
 */
import { info, warn } from "@pulumi/pulumi/log";
import { DependencyResource } from "@pulumi/pulumi/resource";
import { resetOptions } from "@pulumi/pulumi/runtime/settings";

/** What a resource has to say while it works. */
export interface Log {
	/** A line that need not outlive the operation: output, retries. */
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
