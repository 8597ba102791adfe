/** `metaltune status`: what a stack's last `pulumi up` proved. */
import type { Command } from "commander";
import {
	parseStatus,
	statusExitCode,
	statusFormats,
} from "../../reports/statusFormats";
import { type FormatChoice, stackOption, withFormats } from "../options";
import { printReport } from "../print";
import { pulumiOutput } from "../pulumi";

interface Options extends FormatChoice {
	readonly stack?: string;
}

async function status(options: Options): Promise<void> {
	const { stack } = options;
	const chosen = stack === undefined ? [] : ["--stack", stack];
	const fleet = parseStatus(
		pulumiOutput(
			["stack", "output", "status", "--json", ...chosen],
			"expected a stack that was deployed, but pulumi could not show its status, see above; run `pulumi up` first, or name another stack with --stack",
		),
	);
	await printReport(statusFormats, fleet, options);
	process.exitCode = statusExitCode(fleet);
}

/** Adds the command to `program`. */
export function add(program: Command): void {
	withFormats(program.command("status"), statusFormats)
		.summary("show what the last `pulumi up` proved of every host")
		.description(
			`Shows the stack's status output, without a connection to the hosts. To see
drift, run \`metaltune drift --stack\`.
Exit code: 0 every setting is in effect, or not supported on its host;
2 a host waits for a reboot; 1 the stack could not be read.`,
		)
		.addOption(stackOption("another stack than the selected one"))
		.action(status);
}
