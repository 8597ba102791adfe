/** The end of a process with all it started, as a power cut would be. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

function childrenOf(pid: number): readonly number[] {
	const tasks = `/proc/${pid}/task`;
	// Every thread has a list of its own.
	return (existsSync(tasks) ? readdirSync(tasks) : []).flatMap((task) =>
		readFileSync(`${tasks}/${task}/children`, "utf8")
			.split(" ")
			.filter((child) => child !== "")
			.map(Number),
	);
}

function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
			throw error;
		}
	}
}

/** Kills a process and its descendants at once; one that is gone is no error. */
export function killTree(pid: number): void {
	// Stopped first, so that no child is born while they are counted.
	signal(pid, "SIGSTOP");
	childrenOf(pid).forEach(killTree);
	signal(pid, "SIGKILL");
}
