/** The checkout's program and plugins as a project, and the engine in it. */
import { type ChildProcess, spawn } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { commandPlugin } from "../support/commandPlugin";
import { killTree } from "./killTree";

const checkout = join(__dirname, "../..");
const toolEnvironment = join(checkout, ".metaltune/env");
const notOfTheProgram = ["node_modules", "hosts", "bench", "docs", "test"];

/** What one run of `pulumi` gave. */
export interface Ended {
	readonly code: number | null;
	/** Standard output and error, together. */
	readonly text: string;
}

/**
 * Makes a project with an empty inventory and no state.
 *
 * @returns its directory, the same for every scenario of a run, so that the
 *   program is compiled once.
 * @throws Error when bin/setup was not run.
 */
export function makeProject(): string {
	if (!existsSync(toolEnvironment)) {
		throw new Error(
			`${toolEnvironment}: expected the tools' environment; run bin/setup`,
		);
	}
	const directory = join(checkout, `.metaltune/engine-${process.pid}`);
	rmSync(directory, { recursive: true, force: true });
	for (const name of ["state", "hosts", ".metaltune/plugins/command"]) {
		mkdirSync(join(directory, name), { recursive: true });
	}
	// A copy, so that who edits the checkout meanwhile does not change the host
	// program half-way through a scenario.
	for (const name of readdirSync(checkout)) {
		if (!name.startsWith(".") && !notOfTheProgram.includes(name)) {
			cpSync(join(checkout, name), join(directory, name), { recursive: true });
		}
	}
	symlinkSync(join(checkout, "node_modules"), join(directory, "node_modules"));
	symlinkSync(
		commandPlugin(),
		join(directory, ".metaltune/plugins/command/pulumi-resource-command"),
	);
	return directory;
}

/**
 * What runs `pulumi` in a project, one at a time.
 *
 * @param backend where state is kept; in the project when absent.
 */
export function engineIn(
	directory: string,
	agentSocket: string,
	backend = `file://${directory}/state`,
) {
	let running: ChildProcess | undefined;
	const env = {
		...process.env,
		PULUMI_BACKEND_URL: backend,
		PULUMI_CONFIG_PASSPHRASE: "test",
		SSH_AUTH_SOCK: agentSocket,
		NO_COLOR: "1",
	};
	const script = '. "$0"; exec "$@"';
	const run = (...command: readonly string[]): Promise<Ended> =>
		new Promise((resolve, reject) => {
			const child = spawn("sh", ["-c", script, toolEnvironment, ...command], {
				cwd: directory,
				env,
				stdio: ["ignore", "pipe", "pipe"],
			});
			running = child;
			let text = "";
			const add = (chunk: Buffer) => {
				text += chunk.toString();
			};
			child.stdout.on("data", add);
			child.stderr.on("data", add);
			child.once("error", reject);
			child.once("close", (code) => {
				running = undefined;
				resolve({ code, text });
			});
		});
	const tsx = "./node_modules/tsx/dist/cjs/index.cjs";
	return {
		run: (args: readonly string[]) =>
			run("pulumi", "--non-interactive", ...args),
		/** The command line beside Pulumi's, of the project's own sources. */
		metaltune: (args: readonly string[]) =>
			run("node", "--require", tsx, "cli/main.ts", ...args),
		/** Ends what runs, with its plugins, at once. */
		crash: () => {
			if (running?.pid !== undefined) {
				killTree(running.pid);
			}
		},
	};
}
