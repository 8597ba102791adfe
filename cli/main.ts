/** The commands that metaltune adds to Pulumi's; see `bin/metaltune`. */
import { Command } from "commander";
import { printableLines } from "../model/printable";
import { InventoryError } from "../model/problem";
import { version } from "../model/version";

type Add = (parent: Command) => void;

/**
 * The file of each command, or all files of a group, in the order of --help.
 */
const commands: { readonly [name: string]: string | readonly string[] } = {
	init: "init",
	validate: "validate",
	lint: "lint",
	explain: "explain",
	settings: "showSettings",
	plan: "planHost",
	status: "status",
	checklist: "checklist",
	drift: "drift",
	repair: "repair",
	import: ["importTuned"],
	app: ["appRollback", "appLoadTest"],
	ci: ["ciComment", "ciIssue"],
	lab: "lab",
	schema: "schema",
	"host-program": "hostProgram",
};

const groups: { readonly [name: string]: string } = {
	import: "turn another tool's profile into an inventory",
	app: "roll an application back on a host, or run its load test",
	ci: "write a preview or drift to GitHub or GitLab",
};

// Only the called command is loaded: loading all modules takes longer than most
// commands run. `import()` would need names that Node.js resolves without tsx.
function addFile(parent: Command, file: string): void {
	const command: { readonly add: Add } = require(`./commands/${file}`);
	command.add(parent);
}

function addCommand(program: Command, name: string): void {
	const files = commands[name];
	if (files === undefined) return;
	if (typeof files === "string") {
		addFile(program, files);
		return;
	}
	const group = program.command(name).description(groups[name] ?? "");
	for (const file of files) addFile(group, file);
}

function cli(called: string): Command {
	const program = new Command("metaltune")
		.version(`metaltune ${version}`, "--version", "print the version")
		.description("Latency-tuned bare metal as code: what Pulumi does not show.")
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune init my-hosts                a project of your own
  $ metaltune validate                     is everything in hosts/ right?
  $ metaltune lint                         can it work as it is described?
  $ metaltune explain smt                  what does it do, and cost?
  $ metaltune plan fx-store-1              what would an up change?
  $ metaltune status                       what did the last up prove?
  $ metaltune status --stack prod --json
  $ metaltune checklist fx-store-1         is this host as its checklist asks?
  $ metaltune drift                        which host is not as declared?
  $ metaltune repair                       bring those back
  $ metaltune lab up                       a machine to try things on
  $ metaltune host-program | less          what will run on the hosts?`,
		);
	const names = Object.hasOwn(commands, called)
		? [called]
		: Object.keys(commands);
	for (const name of names) addCommand(program, name);
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
