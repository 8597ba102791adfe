/**
 * A Pulumi stack in a directory of its own, run by the engine that bin/setup
 * left in .metaltune/env, with state in files.
 */
import { spawn } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { commandPlugin } from "../support/commandPlugin";

const root = join(__dirname, "../..");

export interface Run {
	readonly code: number | null;
	/** Standard output and error, together. */
	readonly text: string;
}

export interface Stack {
	/** Runs `pulumi` in the stack's directory. */
	pulumi(...args: readonly string[]): Promise<Run>;
	write(file: string, content: string): void;
	/** The checkpoint as it lies on disk. */
	checkpoint(): string;
	remove(): void;
}

/** Creates a stack whose program is `program`, in TypeScript. */
export async function createStack(program: string): Promise<Stack> {
	const env = join(root, ".metaltune/env");
	if (!existsSync(env)) {
		throw new Error(`${env}: expected the tools' environment; run bin/setup`);
	}
	const directory = mkdtempSync(join(root, ".metaltune/test-"));
	mkdirSync(join(directory, "state"));
	const write = (file: string, content: string) =>
		writeFileSync(join(directory, file), content);
	mkdirSync(join(directory, "plugin"));
	symlinkSync(
		commandPlugin(),
		join(directory, "plugin/pulumi-resource-command"),
	);
	write(
		"Pulumi.yaml",
		"name: test\nruntime: nodejs\nmain: index.ts\nplugins: {providers: [{name: command, path: ./plugin}]}\n",
	);
	write("index.ts", program);
	const pulumi = (...args: readonly string[]) =>
		run(directory, `. "$0"; pulumi "$@"`, [env, ...args]);
	const created = await pulumi("stack", "init", "dev");
	if (created.code !== 0) {
		throw new Error(`pulumi stack init: ${created.text}`);
	}
	return {
		pulumi,
		write,
		checkpoint: () =>
			readFileSync(
				join(directory, "state/.pulumi/stacks/test/dev.json"),
				"utf8",
			),
		remove: () => rmSync(directory, { recursive: true }),
	};
}

function run(
	cwd: string,
	script: string,
	args: readonly string[],
): Promise<Run> {
	return new Promise((resolve, reject) => {
		const child = spawn("sh", ["-c", script, ...args], {
			cwd,
			env: {
				...process.env,
				PULUMI_BACKEND_URL: `file://${cwd}/state`,
				PULUMI_CONFIG_PASSPHRASE: "test",
				SSH_AUTH_SOCK: "",
			},
			stdio: ["ignore", "pipe", "pipe"],
		});
		let text = "";
		const add = (chunk: Buffer) => {
			text += chunk.toString();
		};
		child.stdout.on("data", add);
		child.stderr.on("data", add);
		child.once("error", reject);
		child.once("close", (code) => resolve({ code, text }));
	});
}
