/** `metaltune init`: a project of the user's own. */
import type { Command } from "commander";
import { newProject } from "../init/newProject";

function nextSteps(directory: string, written: readonly string[]): string {
	const enter = directory === "." ? [] : [`cd ${directory}`];
	const steps = [
		...enter,
		"npm install",
		"edit hosts/tuned.yaml: the address and host key of a machine",
		"npx metaltune validate",
		"pulumi stack init dev",
		"pulumi up",
	];
	return [
		`Written: ${written.join(", ")}`,
		"Next:",
		...steps.map((step) => `  ${step}`),
		"",
	].join("\n");
}

/** Adds the command to `program`. */
export function add(program: Command): void {
	program
		.command("init")
		.summary("write a new project")
		.description(
			"Writes a Pulumi project that tunes hosts: the program, an inventory with one\ngroup, the policies' configuration, and workflows for GitHub and GitLab. The\ndirectory must be empty, but for what npm and git keep in it.\nExit code: 0, or 1 when nothing was written.",
		)
		.argument("[directory]", "where; it is created", ".")
		.addHelpText(
			"after",
			`
Examples:
  $ npx metaltune init            in a directory where npm installed metaltune
  $ npx metaltune init my-hosts   in a new directory`,
		)
		.action((directory: string) => {
			process.stdout.write(nextSteps(directory, newProject(directory)));
		});
}
