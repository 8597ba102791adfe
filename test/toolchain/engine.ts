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
	write("Pulumi.yaml", "name: test\nruntime: nodejs\nmain: index.ts\n");
	write("index.ts", program);
	const pulumi = (...args: readonly string[]) =>
		run(directory, `. "$0"; ${useRealProvider(directory)} pulumi "$@"`, [
			env,
			...args,
		]);
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

// The same expectations can be held against the real plugin.
function useRealProvider(directory: string): string {
	const real = process.env.METALTUNE_REAL_COMMAND_PROVIDER;
	if (real === undefined || real === "") {
		return "";
	}
	const bin = join(directory, "bin");
	if (!existsSync(bin)) {
		mkdirSync(bin);
		symlinkSync(real, join(bin, "pulumi-resource-command"));
	}
	return `PATH="$PWD/bin:$PATH";`;
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
