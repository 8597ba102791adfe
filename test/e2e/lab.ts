/**
 * The product as its user has it, against a machine with a real kernel: a
 * scenario declares what the machine shall be, runs `pulumi`, and looks at it
 * over SSH. Nothing here asserts how long anything takes.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MetalMachine, startMachine } from "../../lab/metal/metalMachine";
import {
	defaultEdition,
	releaseNamed,
	releaseVariable,
} from "../../lab/metal/releases";
import { whyNoMetal } from "../../lab/metal/requirements";
import { bootSnapshot } from "../../lab/metal/snapshot";
import { type Ended, engineIn, makeProject } from "../engine/project";

/** Sections of an inventory file, as they are written. */
export interface Sections {
	readonly [section: string]: unknown;
}

export interface HostStatus {
	readonly bootId: string;
	readonly verdicts: { readonly [verdict: string]: number };
	readonly pendingReboot: readonly string[];
	readonly unsupported: { readonly [key: string]: string };
}

export interface MetalLab {
	readonly machine: MetalMachine;
	/** The project; `hosts/lab.yaml` and `state` are in it. */
	readonly directory: string;
	/** Writes the inventory: the one machine, called metal. */
	declare(sections: Sections): void;
	pulumi(...args: readonly string[]): Promise<Ended>;
	/** `up` without a preview. */
	up(...flags: readonly string[]): Promise<Ended>;
	/** What CI runs to see drift. */
	drift(): Promise<Ended>;
	destroy(): Promise<Ended>;
	/** What the last up proved. */
	status(): Promise<HostStatus>;
	/** A file of the machine, without the whitespace around it. */
	read(path: string): Promise<string>;
	/** How often its kernel has started since the scenario did. */
	boots(): number;
	/** `metaltune check`'s table on the machine, one line per key. */
	check(): Promise<readonly string[]>;
	/** Leaves neither processes nor files. */
	remove(): Promise<void>;
}

// An emulated machine on one that does much else is slow, not lost.
const patience = { rebootTimeoutSeconds: 600, rollbackSeconds: 600 };

function inventory(machine: MetalMachine, sections: Sections): string {
	const { port, hostKey, privateKeyFile } = machine;
	const connection = { user: "metaltune", become: true, privateKeyFile };
	// JSON is YAML.
	return JSON.stringify({
		connection,
		...sections,
		rollout: { ...patience, ...(sections.rollout as object | undefined) },
		machines: { metal: { address: "127.0.0.1", port, hostKey } },
	});
}

/**
 * The machine that the environment asks for.
 *
 * @throws Error when it is not the name of a release.
 */
function edition() {
	const name = process.env[releaseVariable];
	if (name === undefined) return defaultEdition;
	try {
		return { ...defaultEdition, release: releaseNamed(name) };
	} catch (error) {
		throw new Error(`${releaseVariable}: ${(error as Error).message}`);
	}
}

async function startedMachine(directory: string): Promise<MetalMachine> {
	const reason = whyNoMetal();
	if (reason !== undefined) {
		throw new Error(`the test VM cannot run here: ${reason}`);
	}
	const snapshot = await bootSnapshot(edition(), (text) =>
		process.stderr.write(`lab: ${text}\n`),
	);
	return startMachine(snapshot, { directory: join(directory, "metal") });
}

/**
 * Starts an untouched machine and an empty stack.
 *
 * @throws Error when bin/setup was not run, the machine cannot run here, or it
 *   does not start.
 */
export async function startMetalLab(): Promise<MetalLab> {
	const directory = makeProject();
	const forget = () => rmSync(directory, { recursive: true, force: true });
	const machine = await startedMachine(directory).catch((error) => {
		forget();
		throw error;
	});
	const engine = engineIn(directory, "");
	const pulumi = (...args: readonly string[]) => engine.run(args);
	await done(pulumi("stack", "init", "dev"));
	return {
		machine,
		directory,
		declare: (sections) =>
			writeFileSync(
				join(directory, "hosts/lab.yaml"),
				inventory(machine, sections),
			),
		pulumi,
		up: (...flags) => pulumi("up", "--yes", "--skip-preview", ...flags),
		drift: () =>
			pulumi("refresh", "--preview-only", "--diff", "--expect-no-changes"),
		destroy: () => pulumi("destroy", "--yes", "--skip-preview"),
		async status() {
			const output = await pulumi("stack", "output", "status", "--json");
			return JSON.parse(output.text).metal;
		},
		read: async (path) => (await machine.ssh(`cat ${path}`)).trim(),
		boots: () => machine.console().split("] Linux version ").length - 1,
		async check() {
			const table = await machine.ssh("metaltune check || :");
			return table.trim().split("\n").slice(1);
		},
		async remove() {
			engine.crash();
			await machine.stop();
			forget();
		},
	};
}

/**
 * A run that has to succeed.
 *
 * @throws Error with all it said when it did not exit 0.
 */
export async function done(run: Promise<Ended>): Promise<Ended> {
	const ended = await run;
	if (ended.code !== 0) {
		throw new Error(`expected exit 0, got ${ended.code}:\n${ended.text}`);
	}
	return ended;
}
