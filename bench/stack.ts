/**
 * The measured product: the checkout's own program, run by the real engine with
 * its state in files. For comparison there is a program that does nothing.
 */
import {
	existsSync,
	mkdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Measured, measure } from "./measure";

const checkout = join(__dirname, "..");
const toolEnvironment = join(checkout, ".metaltune/env");

export interface Stack {
	/** @throws Error when `pulumi` does not exit 0. */
	pulumi(...args: readonly string[]): Promise<Measured>;
	/** The checkpoint file's text. */
	checkpoint(): string;
}

export interface StackOptions {
	/**
	 * The measurement's directory, which holds the state and is removed with it.
	 */
	readonly directory: string;
	readonly env: NodeJS.ProcessEnv;
	readonly signal: AbortSignal;
}

// The path that Pulumi.yaml names: the plugin that bin/setup found, or the one
// in METALTUNE_REAL_COMMAND_PROVIDER.
function linkCommandPlugin(directory: string): void {
	const real = process.env.METALTUNE_REAL_COMMAND_PROVIDER ?? "";
	const plugin = join(checkout, ".metaltune/plugins/command");
	const link = join(directory, ".metaltune/plugins/command");
	mkdirSync(link, { recursive: true });
	symlinkSync(
		real === "" ? join(plugin, "pulumi-resource-command") : real,
		join(link, "pulumi-resource-command"),
	);
}

function commandOf(options: StackOptions, cwd: string) {
	const { directory, env, signal } = options;
	if (!existsSync(toolEnvironment)) {
		throw new Error(
			`${toolEnvironment}: expected the tools' environment, found none; run bin/setup`,
		);
	}
	const script = `. "$0"; exec pulumi "$@"`;
	const state = join(directory, "state");
	mkdirSync(state, { recursive: true });
	return (args: readonly string[]) =>
		measure({
			script,
			args: [toolEnvironment, ...args],
			cwd,
			env: {
				...env,
				PULUMI_BACKEND_URL: `file://${state}`,
				PULUMI_CONFIG_PASSPHRASE: "bench",
			},
			signal,
		});
}

async function stackIn(options: StackOptions, project: string): Promise<Stack> {
	const cwd = join(options.directory, project);
	const run = commandOf(options, cwd);
	const own = ["--stack", "bench", "--non-interactive"];
	await run(["stack", "init", ...own]);
	return {
		pulumi: (...args) => run([...args, ...own]),
		checkpoint: () =>
			readFileSync(
				join(options.directory, `state/.pulumi/stacks/${project}/bench.json`),
				"utf8",
			),
	};
}

// Links, because a stack's configuration is written next to its Pulumi.yaml.
function linkCheckout(directory: string, names: readonly string[]): void {
	mkdirSync(directory);
	for (const name of names) {
		symlinkSync(join(checkout, name), join(directory, name));
	}
}

/**
 * A stack of metaltune over an inventory directory.
 *
 * @throws Error when bin/setup was not run, or the engine refuses.
 */
export function fleetStack(
	options: StackOptions,
	inventory: string,
): Promise<Stack> {
	const directory = join(options.directory, "metaltune");
	const program = ["Pulumi.yaml", "index.cjs", "provider"];
	linkCheckout(directory, [...program, "package.json", "node_modules"]);
	linkCommandPlugin(directory);
	writeFileSync(
		join(directory, "Pulumi.bench.yaml"),
		`config:\n  metaltune:hosts: ${JSON.stringify(inventory)}\n`,
	);
	return stackIn(options, "metaltune");
}

/** A stack whose program creates nothing, in metaltune's language. */
export function emptyStack(options: StackOptions): Promise<Stack> {
	const directory = join(options.directory, "empty");
	linkCheckout(directory, ["node_modules"]);
	writeFileSync(
		join(directory, "Pulumi.yaml"),
		"name: empty\nmain: index.cjs\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
	);
	writeFileSync(join(directory, "package.json"), "{}\n");
	writeFileSync(join(directory, "index.cjs"), "");
	return stackIn(options, "empty");
}
