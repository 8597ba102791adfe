/**
 * `metaltune drift-issue`: keeps the one issue that says how a stack has
 * drifted, where a scheduled job has nobody to tell.
 */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { forgeFrom } from "../ci/forge";
import { driftOfFile, keepIssue } from "../ci/issue";

async function driftIssue(json: string, markdown: string): Promise<void> {
	const { stack, result } = driftOfFile(json, readFileSync(json, "utf8"));
	const done = await keepIssue(forgeFrom(process.env), {
		title: `Drift: ${stack}`,
		body: readFileSync(markdown, "utf8"),
		isClean: result === "clean",
	});
	console.log(done);
}

const description = `Opens an issue with the Markdown report of a stack, updates it while there is
one, and closes it once the stack is clean. There is never more than one per
stack: it is known by its title and the label metaltune-drift.
On GitHub it needs GITHUB_REPOSITORY and GITHUB_TOKEN (permission issues: write),
on GitLab CI_API_V4_URL, CI_PROJECT_ID and GITLAB_TOKEN (scope api), which it
reads from the environment. Exit code: 0, or 1 when the issue could not be kept.`;

/** Adds the command to `program`. */
export function addDriftIssue(program: Command): void {
	program
		.command("drift-issue")
		.summary("keep the issue that says how a stack has drifted")
		.description(description)
		.argument("<json>", "written by `metaltune drift --stack S --write x.json`")
		.argument("<markdown>", "written by the same run as x.md")
		.addHelpText(
			"after",
			`
Example:
  $ metaltune drift --stack prod --write drift.json --write drift.md
  $ metaltune drift-issue drift.json drift.md`,
		)
		.action(driftIssue);
}
