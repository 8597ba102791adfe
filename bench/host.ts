/**
 * `npm run bench:host`: the cost of the host program on one host with the full
 * profile. It measures the CPU time of the first apply, of an apply without
 * changes and of a probe, on a simulated host's tree without SSH. It also
 * measures how long a shell takes to read the program.
 */
import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { wholeNumber } from "../cli/options";
import { hostProgram, programPath } from "../host/assemble";
import { encodeContents, settingsStream } from "../host/protocol";
import { lightPath, writeTree } from "../lab/light/tree";
import { contentsOf } from "../model/settings";
import { type Machine, machine } from "./benchMachine";
import { fullSettings, neededFiles } from "./fullProfile";
import { type Cost, measure } from "./measure";

/** How often a shell reads the program for one figure. */
const parses = 100;

export interface HostResult {
	readonly settings: number;
	readonly repeats: number;
	readonly machine: Machine;
	readonly program_bytes: number;
	/** Reading the program, without the start of the shell. */
	readonly parse_ms: number;
	readonly first_apply: Cost;
	readonly converged_apply: Cost;
	readonly probe: Cost;
}

interface Host {
	readonly root: string;
	readonly settings: string;
}

function put(root: string, path: string, text: string): string {
	const file = join(root, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
	return file;
}

function untouchedHost(directory: string): Host {
	const root = join(directory, "root");
	mkdirSync(root);
	writeTree(root, "debian-12");
	for (const [path, text] of Object.entries(neededFiles)) put(root, path, text);
	chmodSync(put(root, programPath, hostProgram("tuning").text), 0o755);
	const settings = fullSettings();
	const text = encodeContents(contentsOf(settings)) + settingsStream(settings);
	return { root, settings: put(directory, "settings", text) };
}

/** The minimum of several runs, for each figure separately. */
async function least(times: number, run: () => Promise<Cost>): Promise<Cost> {
	const costs: Cost[] = [];
	while (costs.length < times) costs.push(await run());
	const of = (figure: keyof Cost) =>
		Number(Math.min(...costs.map((cost) => cost[figure])).toFixed(3));
	return { wall_s: of("wall_s"), cpu_s: of("cpu_s") };
}

/** The commands that are measured on one host. */
function commandsOn({ root, settings }: Host, cwd: string) {
	const { signal } = new AbortController();
	const env = { ROOT: root, PATH: lightPath };
	const program = join(root, programPath);
	const run = (script: string, ...args: readonly string[]) =>
		measure({ script, args: [program, ...args], cwd, env, signal });
	const call = (verb: string) => run('"$0" "$1" <"$2"', verb, settings);
	return {
		apply: async () => (await call("apply")).cost,
		probe: async () => (await call("probe")).cost,
		async applyAgain() {
			const { cost, stdout } = await call("apply");
			if (stdout === "") return cost;
			throw new Error(`expected nothing to change, got ${stdout}`);
		},
		/** Runs a line of shell several times; its $0 is the program. */
		async shells(line: string) {
			const loop = `i=${parses}; while [ "$i" -gt 0 ]; do ${line}; i=$((i - 1)); done`;
			return (await run(loop)).cost;
		},
	};
}

/**
 * Measures in a temporary directory, and removes it.
 *
 * @param repeats runs of everything but the first apply; the minimum counts.
 * @throws Error when the program fails, or a converged apply changes something.
 */
export async function benchHost(repeats: number): Promise<HostResult> {
	const directory = mkdtempSync(join(tmpdir(), "metaltune-bench-host-"));
	try {
		const commands = commandsOn(untouchedHost(directory), directory);
		const before = machine();
		const first_apply = await commands.apply();
		const read = await least(repeats, () => commands.shells('sh -n "$0"'));
		const start = await least(repeats, () => commands.shells("sh -c :"));
		const parse_s = (read.cpu_s - start.cpu_s) / parses;
		return {
			settings: fullSettings().length,
			repeats,
			machine: before,
			program_bytes: Buffer.byteLength(hostProgram("tuning").text),
			parse_ms: Number((parse_s * 1000).toFixed(2)),
			first_apply,
			converged_apply: await least(repeats, commands.applyAgain),
			probe: await least(repeats, commands.probe),
		};
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

function asText(result: HostResult): string {
	const cost = (name: string, { wall_s, cpu_s }: Cost) =>
		`${name.padEnd(28)}${cpu_s.toFixed(3)} s CPU, ${wall_s.toFixed(3)} s wall`;
	return [
		`${result.settings} settings, ${result.machine.cpus} CPUs, load ${result.machine.load_before}`,
		cost("first apply", result.first_apply),
		cost("apply of a converged host", result.converged_apply),
		cost("probe", result.probe),
		`${"program".padEnd(28)}${result.program_bytes} bytes, read by sh in ${result.parse_ms} ms of CPU`,
	].join("\n");
}

if (require.main === module) {
	new Command("bench:host")
		.description("Measures the host program with a full profile on one host.")
		.option("--repeats <number>", "runs; the least counts", wholeNumber, 10)
		.option("--json", "figures as JSON on standard output")
		.addHelpText(
			"after",
			"\nExample:\n  npm run --silent bench:host -- --json\n\nWhat the figures mean: docs/performance.md.",
		)
		.action(async ({ repeats, json }) => {
			const result = await benchHost(repeats);
			console.log(
				json === true ? JSON.stringify(result, undefined, 2) : asText(result),
			);
		})
		.parseAsync()
		.catch((error: Error) => {
			console.error(`bench:host: ${error.message}`);
			process.exitCode = 1;
		});
}
