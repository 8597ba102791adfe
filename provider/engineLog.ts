/**
 * Log lines for the operator of a deployment, shown at their resource. Logging
 * never fails a deployment.
 */
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { boundedText, printableLines } from "../model/printable";

export interface EngineLog {
	/** Shown while the engine works on the resource, then removed. */
	progress(urn: string, text: string): void;
	/** Stays in the deployment's summary. */
	info(urn: string, text: string): void;
	/** Stays in the deployment's summary. */
	warn(urn: string, text: string): void;
}

/** A log without output, for a provider that was started by hand. */
export const silentLog: EngineLog = {
	progress: () => undefined,
	info: () => undefined,
	warn: () => undefined,
};

// A line may quote a host's output.
const longestText = 16 * 1024;

/**
 * @param address the engine's, `HOST:PORT`, as the engine passed it to the
 *   plugin.
 */
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
