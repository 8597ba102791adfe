/**
 * The command plugin that a test's own project names: the one that bin/setup
 * found, or the real one, against which the same expectations can be held.
 */
import { realpathSync } from "node:fs";
import { join } from "node:path";

const linked = join(
	__dirname,
	"../../.metaltune/plugins/command/pulumi-resource-command",
);

/**
 * Path of the executable. METALTUNE_REAL_COMMAND_PROVIDER names another.
 *
 * @throws Error when bin/setup was not run.
 */
export function commandPlugin(): string {
	const real = process.env.METALTUNE_REAL_COMMAND_PROVIDER ?? "";
	return real === "" ? realpathSync(linked) : real;
}
