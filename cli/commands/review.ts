/** `metaltune review`: a pull request's comment out of a preview. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { sections } from "../../applications/sections";
import { loadLocated } from "../../inventory/load";
import { dayOf } from "../../policies/judge";
import { lint } from "../../policies/lint";
import { rules } from "../../policies/registry";
import { reviewMarkdown, reviewOf } from "../../reports/pullRequest";
import { keepComment } from "../ci/comment";
import { configOption, configurationIn } from "../rulesConfiguration";

interface Options {
	readonly inventory: string;
	readonly config?: string;
	readonly stack?: string;
}

function previewIn(path: string) {
	const text = readFileSync(path, "utf8");
	// Without a stack or a login the engine prints no JSON at all.
	if (text.trim() === "") return undefined;
	try {
		return reviewOf(JSON.parse(text));
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new Error(
			`${path}: expected the output of \`pulumi preview --json\`, got something else: ${why}`,
		);
	}
}

function run(path: string | undefined, options: Options): void {
	const { inventory, config, stack } = options;
	const report = lint(rules, loadLocated(inventory, sections), {
		configuration: configurationIn(config),
		today: dayOf(new Date()),
	});
	const preview = path === undefined ? undefined : previewIn(path);
	process.stdout.write(reviewMarkdown(preview, report, stack));
}

/** Adds the command to `program`. */
export function addReview(program: Command): void {
	program
		.command("review")
		.summary("make a pull request's comment out of a preview")
		.description(
			`Shows as Markdown what a deployment would change, old and new value of every key
of every host, and what the rules find in the inventory. Without a preview only
the latter. Exit code: 0, or 1 when a file is not what it should be.`,
		)
		.argument("[preview]", "the output of `pulumi preview --json`")
		.option(
			"--stack <name>",
			"names the comment, also where the preview failed before its first step",
		)
		.option("--inventory <directory>", "what the rules judge", "hosts")
		.addOption(configOption())
		.addHelpText(
			"after",
			`
Example:
  $ pulumi preview --json >preview.json
  $ metaltune review --stack prod preview.json >comment.md`,
		)
		.action(run);
}

/** Adds `review-comment` to `program`. */
export function addReviewComment(program: Command): void {
	program
		.command("review-comment")
		.summary("keep the comment that says what a pull request changes")
		.description(
			`Writes a pull request's comment, or updates the one of the same stack.
On GitHub it needs GITHUB_REPOSITORY, GITHUB_TOKEN (permission pull-requests:
write) and PULL_REQUEST, its number; on GitLab CI_API_V4_URL, CI_PROJECT_ID,
CI_MERGE_REQUEST_IID and GITLAB_TOKEN (scope api).
Exit code: 0, or 1 when the comment could not be kept.`,
		)
		.argument("<markdown>", "what `metaltune review` printed")
		.addHelpText(
			"after",
			`
Example:
  $ metaltune review preview.json >comment.md
  $ metaltune review-comment comment.md`,
		)
		.action(async (path: string) => {
			console.log(await keepComment(process.env, readFileSync(path, "utf8")));
		});
}
