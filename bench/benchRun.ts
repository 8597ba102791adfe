/**
 * One measurement, from untouched hosts to complete removal: converging, the
 * costs of a converged fleet, and the floors to compare them with.
 */
import { join } from "node:path";
import { type BenchFleet, withFleet } from "./benchFleet";
import { type Machine, machine, type Versions, versions } from "./benchMachine";
import { type CheckpointSize, checkpointSize } from "./checkpoint";
import { floorOf } from "./floor";
import { type Measured, measure } from "./measure";
import { emptyStack, fleetStack } from "./stack";

export interface BenchOptions {
	readonly hosts: number;
	/** How often everything but the first converge is run. */
	readonly repeats: number;
	/** Reports the current step. */
	readonly progress: (text: string) => void;
	readonly signal: AbortSignal;
}

/** The minimum of several runs, for each figure separately. */
export interface Cost {
	readonly wall_s: number;
	/** CPU seconds of the local side: engine, language host, plugins, clients. */
	readonly client_cpu_s: number;
	/** CPU seconds of the hosts' sessions: sshd and the host program. */
	readonly host_cpu_s: number;
}

export interface BenchResult {
	readonly hosts: number;
	readonly repeats: number;
	readonly machine: Machine;
	readonly versions: Versions;
	readonly size: CheckpointSize;
	readonly converge: Cost;
	readonly noop: Cost;
	readonly refresh: Cost;
	readonly floor: Cost;
	readonly emptyNoop: Cost;
	/** Its wall time excludes the start of its process. */
	readonly probe: Cost;
	/** `metaltune drift` against the inventory, from start to exit. */
	readonly drift: Cost;
}

/** Parallel operations, in the engine and in the floor. */
export const parallel = 32;

const withParallel = ["--parallel", String(parallel)];
const up = ["up", "--yes", "--skip-preview", ...withParallel];
const refresh = [
	"refresh",
	"--preview-only",
	"--expect-no-changes",
	...withParallel,
];

type Work = () => Promise<Measured>;

function least(costs: readonly Cost[]): Cost {
	const of = (figure: keyof Cost) =>
		Number(Math.min(...costs.map((cost) => cost[figure])).toFixed(3));
	return {
		wall_s: of("wall_s"),
		client_cpu_s: of("client_cpu_s"),
		host_cpu_s: of("host_cpu_s"),
	};
}

function stopwatch(fleet: BenchFleet, progress: (text: string) => void) {
	return async (name: string, times: number, work: Work): Promise<Cost> => {
		const costs: Cost[] = [];
		for (let turn = 1; turn <= times; turn += 1) {
			progress(`${name}, ${turn} of ${times}`);
			const before = await fleet.sessionSeconds();
			const { wall_s, cpu_s } = (await work()).cost;
			const host_cpu_s = (await fleet.sessionSeconds()) - before;
			costs.push({ wall_s, client_cpu_s: cpu_s, host_cpu_s });
		}
		return least(costs);
	};
}

function probeWork(
	fleet: BenchFleet,
	run: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Work {
	const tsx = require.resolve("tsx/cli");
	const args = [join(__dirname, "probeAll.ts"), fleet.inventory];
	return async () => {
		const { cost, stdout } = await measure({
			script: 'exec "$0" "$@"',
			args: [process.execPath, tsx, ...args, String(parallel)],
			cwd: __dirname,
			...run,
		});
		return { stdout, cost: { ...cost, wall_s: Number(stdout) } };
	};
}

function driftWork(
	fleet: BenchFleet,
	run: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Work {
	const checkout = join(__dirname, "..");
	const tsx = join(checkout, "node_modules/tsx/dist/cjs/index.cjs");
	const program = join(checkout, "cli/main.ts");
	const asked = [
		...["--inventory", fleet.inventory, "--json"],
		...["--parallel", String(parallel)],
	];
	return () =>
		measure({
			script: 'exec "$0" "$@"',
			args: [process.execPath, "--require", tsx, program, "drift", ...asked],
			cwd: checkout,
			...run,
		});
}

async function measureFleet(
	directory: string,
	fleet: BenchFleet,
	options: BenchOptions,
): Promise<BenchResult> {
	const { hosts, repeats, progress, signal } = options;
	const env = { ...process.env, SSH_AUTH_SOCK: fleet.lab.agentSocket };
	const run = { directory, env, signal };
	const before = machine();
	const empty = await emptyStack(run);
	const stack = await fleetStack(run, fleet.inventory);
	await empty.pulumi(...up);
	const time = stopwatch(fleet, progress);
	const converge = await time("converge", 1, () => stack.pulumi(...up));
	const size = checkpointSize(stack.checkpoint(), hosts);
	const again = (name: string, work: Work) => time(name, repeats, work);
	const floor = floorOf({ ...run, fleet, parallel });
	return {
		hosts,
		repeats,
		machine: before,
		versions: await versions(run),
		size,
		converge,
		noop: await again("no-op up", () => stack.pulumi(...up)),
		refresh: await again("refresh", () => stack.pulumi(...refresh)),
		floor: await again("floor", () => floor.run()),
		probe: await again("probe without engine", probeWork(fleet, run)),
		drift: await again("metaltune drift", driftWork(fleet, run)),
		emptyNoop: await again("empty program", () => empty.pulumi(...up)),
	};
}

/**
 * Measures; removes all processes and files, even after a failure.
 *
 * @throws Error when a command of the measurement fails or is ended.
 */
export function bench(options: BenchOptions): Promise<BenchResult> {
	const { hosts, progress } = options;
	progress(`starting ${hosts} untouched hosts`);
	return withFleet(hosts, async (directory, fleet) => {
		try {
			return await measureFleet(directory, fleet, options);
		} finally {
			progress("stopping the hosts");
		}
	});
}
