/**
 * The whole product as its user has it, run by the real engine against light
 * hosts. A scenario declares an inventory, runs `pulumi`, and looks at trees
 * and counters.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	type EngineHost,
	type Fleet,
	type FleetOptions,
	startFleet,
} from "./hosts";
import { type Ended, engineIn, makeProject } from "./project";

/** Sections of an inventory file or of a machine, as they are written. */
export interface Sections {
	readonly [section: string]: unknown;
}

export interface Run extends Ended {
	/** Host name to how many logins it has accepted meanwhile. */
	readonly logins: { readonly [host: string]: number };
}

export interface EngineLab
	extends Pick<Fleet, "hosts" | "privateKeyFile" | "agentSocket">,
		Commands {
	/** The project; `hosts/lab.yaml` and `state` are in it. */
	readonly directory: string;
	host(name: string): EngineHost;
	/**
	 * Writes a group of the inventory, `lab` when not named; `machines` names
	 * those in it and what each adds.
	 */
	declare(
		group: Sections,
		machines?: { readonly [name: string]: Sections },
		name?: string,
	): void;
	/** The checkpoint as it lies on disk. */
	checkpoint(): string;
	/** Ends the running `pulumi` and its plugins at once. */
	crash(): void;
	/** Leaves neither processes nor files. */
	remove(): Promise<void>;
}

interface Commands {
	pulumi(...args: readonly string[]): Promise<Run>;
	/** The command line beside Pulumi's. */
	metaltune(...args: readonly string[]): Promise<Run>;
	/** `up` without a preview. */
	up(...flags: readonly string[]): Promise<Run>;
	/** What CI runs to see drift. */
	drift(): Promise<Run>;
	destroy(): Promise<Run>;
	/** The stack's `status` output. */
	status(): Promise<{ readonly [host: string]: unknown }>;
}

type Start = (args: readonly string[]) => Promise<Ended>;

function commandsOf(
	engine: { readonly run: Start; readonly metaltune: Start },
	hosts: readonly EngineHost[],
): Commands {
	const counted =
		(start: Start) =>
		async (...args: readonly string[]): Promise<Run> => {
			const before = hosts.map((host) => host.connections());
			const ended = await start(args);
			const logins = hosts.map((host, index) => {
				return [host.name, host.connections() - (before[index] ?? 0)] as const;
			});
			return { ...ended, logins: Object.fromEntries(logins) };
		};
	const pulumi = counted(engine.run);
	return {
		pulumi,
		metaltune: counted(engine.metaltune),
		up: (...flags) => pulumi("up", "--yes", "--skip-preview", ...flags),
		drift: () =>
			pulumi("refresh", "--preview-only", "--diff", "--expect-no-changes"),
		destroy: () => pulumi("destroy", "--yes", "--skip-preview"),
		async status() {
			const output = await pulumi("stack", "output", "status", "--json");
			return JSON.parse(output.text);
		},
	};
}

/**
 * Starts hosts and an empty stack.
 *
 * @throws Error when bin/setup was not run or a host does not start.
 */
export async function startEngineLab(
	options: FleetOptions & { readonly backend?: string },
): Promise<EngineLab> {
	const directory = makeProject();
	const forget = () => rmSync(directory, { recursive: true, force: true });
	const fleet = await startFleet(directory, options).catch((error) => {
		forget();
		throw error;
	});
	const { hosts, privateKeyFile } = fleet;
	const engine = engineIn(directory, fleet.agentSocket, options.backend);
	const remove = async () => {
		engine.crash();
		await fleet.stop();
		forget();
	};
	const created = await engine.run(["stack", "init", "dev"]);
	if (created.code !== 0) {
		await remove();
		throw new Error(`pulumi stack init: ${created.text}`);
	}
	const host = (name: string): EngineHost => {
		const found = hosts.find((each) => each.name === name);
		if (found === undefined) {
			throw new Error(`expected a host of this lab, got ${name}`);
		}
		return found;
	};
	const state = join(directory, "state/.pulumi/stacks/metaltune/dev.json");
	return {
		...commandsOf(engine, hosts),
		hosts,
		privateKeyFile,
		agentSocket: fleet.agentSocket,
		directory,
		host,
		declare(group, machines, name = "lab") {
			const all = Object.fromEntries(hosts.map(({ name }) => [name, {}]));
			const written = Object.entries(machines ?? all).map(([each, added]) => {
				const { port, hostKey } = host(each);
				return [each, { address: "127.0.0.1", port, hostKey, ...added }];
			});
			const file = {
				connection: { user: fleet.user },
				...group,
				machines: Object.fromEntries(written),
			};
			// JSON is YAML.
			const path = join(directory, `hosts/${name}.yaml`);
			writeFileSync(path, JSON.stringify(file));
		},
		checkpoint: () => readFileSync(state, "utf8"),
		crash: engine.crash,
		remove,
	};
}

/**
 * A run that has to succeed.
 *
 * @throws Error with all it said when it did not exit 0.
 */
export async function done(run: Promise<Run>): Promise<Run> {
	const ended = await run;
	if (ended.code !== 0) {
		throw new Error(`expected exit 0, got ${ended.code}:\n${ended.text}`);
	}
	return ended;
}
