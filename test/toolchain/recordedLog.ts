/** A log that keeps what a resource said. */
import type { Log } from "../../toolchain/commandProvider/resourceLog";

export interface RecordedLog extends Log {
	readonly progressed: string[];
	readonly warned: string[];
}

export function recordedLog(): RecordedLog {
	const progressed: string[] = [];
	const warned: string[] = [];
	return {
		progressed,
		warned,
		progress: (message) => void progressed.push(message),
		warn: (message) => void warned.push(message),
	};
}
