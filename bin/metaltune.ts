/** What the command line of metaltune adds to Pulumi's; see `bin/metaltune`. */
import { Command } from "commander";
import { InventoryError } from "../inventory/problem";
import { addDrift } from "./commands/drift";
import { addDriftIssue } from "./commands/driftIssue";
import { addExplain } from "./commands/explain";
import { addLab } from "./commands/lab";
import { addLint } from "./commands/lint";
import { addLoadTest } from "./commands/loadTest";
import { addProgram, addSchema } from "./commands/print";
import { addReadiness } from "./commands/readiness";
import { addReady } from "./commands/ready";
import { addRepair } from "./commands/repair";
import { addReview, addReviewComment } from "./commands/review";
import { addRollback } from "./commands/rollback";
import { addValidate } from "./commands/validate";

function cli(): Command {
	const program = new Command("metaltune")
		.description("Latency-tuned bare metal as code: what Pulumi does not show.")
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune validate                     is everything in hosts/ right?
  $ metaltune lint                         can it work as it is described?
  $ metaltune explain smt                  what does it do, and cost?
  $ metaltune readiness                    what did the last up prove?
  $ metaltune readiness --stack prod --json
  $ metaltune ready fx-store-1             is this host as the guide wants it?
  $ metaltune drift                        which host is not as declared?
  $ metaltune repair                       bring those back
  $ metaltune lab up                       a machine to try things on
  $ metaltune program | less               what will run on the hosts?`,
		);
	addValidate(program);
	addLint(program);
	addReview(program);
	addReviewComment(program);
	addExplain(program);
	addReadiness(program);
	addReady(program);
	addDrift(program);
	addRepair(program);
	addDriftIssue(program);
	addRollback(program);
	addLoadTest(program);
	addLab(program);
	addSchema(program);
	addProgram(program);
	return program;
}

cli()
	.parseAsync()
	.catch((error: Error) => {
		console.error(
			error instanceof InventoryError
				? error.message
				: `metaltune: ${error.message}`,
		);
		process.exitCode = 1;
	});
