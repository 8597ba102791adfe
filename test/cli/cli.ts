/** Runs `metaltune` as a person or a job would, in a directory of its own. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const checkout = join(__dirname, "../..");
const tsx = join(checkout, "node_modules/tsx/dist/cjs/index.cjs");

export interface Ended {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the command line to its end. */
export function metaltune(
	args: readonly string[],
	options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const program = join(checkout, "cli/main.ts");
		const child = spawn("node", ["--require", tsx, program, ...args], {
			...options,
			stdio: ["ignore", "pipe", "pipe"],
		});
		const said = { stdout: "", stderr: "" };
		for (const stream of ["stdout", "stderr"] as const) {
			child[stream].setEncoding("utf8").on("data", (text: string) => {
				said[stream] += text;
			});
		}
		child.once("error", reject);
		child.once("close", (code) => resolve({ code, ...said }));
	});
}
