/** What the command line of metaltune adds to Pulumi's; see `bin/metaltune`. */
import { Command } from "commander";
import { printableLines } from "../model/printable";
import { InventoryError } from "../model/problem";
import { version } from "../model/version";

type Add = (program: Command) => void;

/** Of each command, in the order of --help: its file, and what adds it. */
const commands: { readonly [name: string]: readonly [string, string] } = {
	validate: ["validate", "addValidate"],
	lint: ["lint", "addLint"],
	review: ["review", "addReview"],
	"review-comment": ["review", "addReviewComment"],
	explain: ["explain", "addExplain"],
	readiness: ["readiness", "addReadiness"],
	ready: ["ready", "addReady"],
	drift: ["drift", "addDrift"],
	repair: ["repair", "addRepair"],
	"drift-issue": ["driftIssue", "addDriftIssue"],
	rollback: ["rollback", "addRollback"],
	"load-test": ["loadTest", "addLoadTest"],
	lab: ["lab", "addLab"],
	schema: ["print", "addSchema"],
	program: ["print", "addProgram"],
};

// Only what is called is loaded: reading the modules of all commands takes
// longer than most commands. `import()` would need names that Node.js resolves
// without tsx.
function added(program: Command, [file, add]: readonly [string, string]): void {
	const command: { readonly [name: string]: Add } = require(
		`./commands/${file}`,
	);
	command[add]?.(program);
}

function cli(called: string): Command {
	const program = new Command("metaltune")
		.version(`metaltune ${version}`, "--version", "print the version")
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
	const one = commands[called];
	const all = one === undefined ? Object.values(commands) : [one];
	for (const each of all) added(program, each);
	return program;
}

cli(process.argv[2] ?? "")
	.parseAsync()
	.catch((error: Error) => {
		console.error(
			error instanceof InventoryError
				? error.message
				: printableLines(`metaltune: ${error.message}`),
		);
		process.exitCode = 1;
	});
