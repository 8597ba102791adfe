/**
 * The machine and the tool versions of a measurement, which its figures depend
 * on.
 */
import { readFileSync } from "node:fs";
import {
	availableParallelism,
	cpus,
	loadavg,
	release,
	totalmem,
} from "node:os";
import { join } from "node:path";
import { measure } from "./measure";

export interface Machine {
	readonly cpus: number;
	readonly model: string;
	readonly memory_gib: number;
	readonly kernel: string;
	/** Load average of the last minute, before the measurement. */
	readonly load_before: number;
}

export interface Versions {
	readonly metaltune: string;
	readonly node: string;
	readonly pulumi: string;
	readonly ssh: string;
	readonly command_provider: "real" | "stand-in";
}

export function machine(): Machine {
	return {
		cpus: availableParallelism(),
		model: cpus()[0]?.model ?? "unknown",
		memory_gib: Math.round(totalmem() / 2 ** 30),
		kernel: release(),
		load_before: Number((loadavg()[0] ?? 0).toFixed(2)),
	};
}

const toolVersions = `. "$0"
pulumi version
ssh -V 2>&1
if [ -n "\${METALTUNE_REAL_COMMAND_PROVIDER-}" ]; then
	echo real
else
	readlink -f "$(dirname "$0")/plugins/command/pulumi-resource-command"
fi`;

/**
 * Queries the versions of tools.
 *
 * @param run ends commands, and has their environment.
 */
export async function versions(run: {
	readonly env: NodeJS.ProcessEnv;
	readonly signal: AbortSignal;
}): Promise<Versions> {
	const checkout = join(__dirname, "..");
	const { stdout } = await measure({
		script: toolVersions,
		args: [join(checkout, ".metaltune/env")],
		cwd: checkout,
		...run,
	});
	const packages = JSON.parse(
		readFileSync(join(checkout, "package.json"), "utf8"),
	) as { readonly version: string };
	const [pulumi = "", ssh = "", provider = ""] = stdout.trim().split("\n");
	return {
		metaltune: packages.version,
		node: process.version,
		pulumi,
		ssh: ssh.split(",")[0] ?? "",
		command_provider: provider.includes("toolchain/commandProvider")
			? "stand-in"
			: "real",
	};
}
