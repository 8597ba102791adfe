/**
 * Lines for the person who watches a deployment, shown at the resource they
 * belong to. Logging never fails a deployment.
 */
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { boundedText, printableLines } from "../model/printable";

export interface EngineLog {
	/** Shown while the resource is worked on, then gone. */
	progress(urn: string, text: string): void;
	/** Stays in the deployment's summary. */
	info(urn: string, text: string): void;
	/** Stays in the deployment's summary. */
	warn(urn: string, text: string): void;
}

/** A log that nobody reads, for a provider that was started by hand. */
export const silentLog: EngineLog = {
	progress: () => undefined,
	info: () => undefined,
	warn: () => undefined,
};

// What a host said may be quoted in a line.
const longestText = 16 * 1024;

/** @param address of the engine, `HOST:PORT`, as it gave it to the plugin. */
export function engineLog(address: string): EngineLog {
	const client = new EngineClient(address, credentials.createInsecure());
	const send = (severity: number, ephemeral: boolean) => {
		return (urn: string, text: string) => {
			const request = new LogRequest();
			request.setSeverity(severity as never);
			request.setUrn(urn);
			request.setMessage(boundedText(printableLines(text), longestText));
			request.setEphemeral(ephemeral);
			client.log(request, () => undefined);
		};
	};
	return {
		progress: send(LogSeverity.INFO, true),
		info: send(LogSeverity.INFO, false),
		warn: send(LogSeverity.WARNING, false),
	};
}
