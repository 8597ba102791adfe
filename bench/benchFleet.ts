/** The measured hosts, and the CPU time of their sshd. */
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostPaths } from "../lab/light/directory";
import { inventoryYaml } from "../lab/light/inventory";
import { mapLimited, waitFor } from "../lab/light/runProgram";
import {
	type SimulatedLab,
	startSimulatedHosts,
} from "../lab/light/simulatedHosts";
import { profile } from "./profile";

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
	});
}

// Other labs may run on this machine; the ports of this lab are consecutive.
async function firstFreePort(count: number): Promise<number> {
	for (let first = 23000; first + count < 32000; first += count) {
		const ports = Array.from({ length: count }, (_, index) => first + index);
		const free = await mapLimited(ports, 16, isFree);
		if (free.every((each) => each)) {
			return first;
		}
	}
	throw new Error(
		`expected ${count} free ports in a row between 23000 and 32000, found none; end what listens there`,
	);
}

export interface BenchFleet {
	readonly lab: SimulatedLab;
	/** Directory of the inventory that describes the hosts. */
	readonly inventory: string;
	/** CPU seconds of all past sessions; waits until no session is open. */
	sessionSeconds(): Promise<number>;
}

// Fields of proc(5) after the name in parentheses; ticks are 10 ms.
function childTicks(pid: string): number {
	const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return Number(fields[13]) + Number(fields[14]);
}

function hasSession(pid: string): boolean {
	return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8") !== "";
}

/**
 * Starts untouched hosts.
 *
 * @throws Error when one does not start to listen; then none is left running.
 */
async function startFleet(
	directory: string,
	count: number,
): Promise<BenchFleet> {
	const lab = await startSimulatedHosts({
		count,
		directory: join(directory, "lab"),
		firstPort: await firstFreePort(count),
		// The caller stops it, also on signals.
		keepRunning: true,
	});
	const inventory = join(directory, "hosts");
	mkdirSync(inventory);
	writeFileSync(join(inventory, "bench.yaml"), inventoryYaml(lab, profile));
	const pids = lab.hosts.map(({ name }) =>
		readFileSync(hostPaths(lab.directory, name).pid, "utf8").trim(),
	);
	return {
		lab,
		inventory,
		async sessionSeconds() {
			await waitFor("all sessions to end", () => !pids.some(hasSession));
			const ticks = pids.map(childTicks);
			return ticks.reduce((sum, each) => sum + each, 0) / 100;
		},
	};
}

/**
 * Starts untouched hosts for a task, with a directory for its files. Removes
 * both afterwards, even after a failure.
 */
export async function withFleet<T>(
	count: number,
	work: (directory: string, fleet: BenchFleet) => Promise<T>,
): Promise<T> {
	const directory = mkdtempSync(join(tmpdir(), "metaltune-bench-"));
	try {
		const fleet = await startFleet(directory, count);
		try {
			return await work(directory, fleet);
		} finally {
			await fleet.lab.stop();
		}
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}
