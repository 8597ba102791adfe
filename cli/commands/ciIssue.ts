/**
 * `metaltune ci issue`: keeps the one issue on a stack's drift up to date, for
 * a scheduled job.
 */
import type { Command } from "commander";
import { forgeFrom } from "../ci/forge";
import { driftOfFile, keepIssue } from "../ci/issue";
import { issuesOn } from "../ci/issues";
import { fileText } from "../jsonFile";
import { print } from "../print";

async function issue(json: string, markdown: string): Promise<void> {
	const { stack, result } = driftOfFile(
		json,
		fileText(json, "a report of `metaltune drift --stack`"),
	);
	const issues = issuesOn(forgeFrom(process.env, "repository"));
	await print(
		await keepIssue(issues, {
			title: `Drift: ${stack}`,
			body: fileText(markdown, "the same report as Markdown"),
			isClean: result === "clean",
		}),
	);
}

const description = `Opens an issue with the Markdown report of a stack, updates it while there is
one, and closes it once the stack is clean. There is never more than one per
stack: it is known by its title and the label metaltune-drift.
On GitHub it needs GITHUB_REPOSITORY and GITHUB_TOKEN (permission issues: write),
on GitLab CI_API_V4_URL, CI_PROJECT_ID and GITLAB_TOKEN (scope api), which it
reads from the environment.
Exit code: 0, or 1 when a file is not what it should be or the forge refuses.`;

/** Adds the command to `ci`. */
export function add(ci: Command): void {
	ci.command("issue")
		.summary("keep the issue that says how a stack has drifted")
		.description(description)
		.argument("<json>", "written by `metaltune drift --stack S --write x.json`")
		.argument("<markdown>", "written by the same run as x.md")
		.addHelpText(
			"after",
			`
Example:
  $ metaltune drift --stack prod --write drift.json --write drift.md
  $ metaltune ci issue drift.json drift.md`,
		)
		.action(issue);
}
