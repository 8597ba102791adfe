/** `metaltune ci comment`: turns a preview into a pull request's comment. */
import type { Command } from "commander";
import { reviewMarkdown, reviewOf } from "../../reports/pullRequest";
import { keepComment } from "../ci/comment";
import { forgeFrom } from "../ci/forge";
import { fileText, jsonIn } from "../jsonFile";
import { inventoryOption, stackOption } from "../options";
import { print } from "../print";
import {
	configOption,
	lintReport,
	type RulesChoice,
} from "../rulesConfiguration";

interface Options extends RulesChoice {
	readonly stack?: string;
	readonly post?: true;
}

const what = "the output of `pulumi preview --json`";

function previewIn(path: string) {
	const text = fileText(path, what);
	// Without a stack or a login the engine prints no JSON at all.
	if (text.trim() === "") return undefined;
	const json = jsonIn({ path, text, what });
	try {
		return reviewOf(json);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new Error(`${path}: expected ${what}, got something else: ${why}`);
	}
}

async function comment(
	path: string | undefined,
	options: Options,
): Promise<void> {
	const { post, stack } = options;
	// Missing variables are reported before anything else is done.
	const forge =
		post === true ? forgeFrom(process.env, "pull request") : undefined;
	const preview = path === undefined ? undefined : previewIn(path);
	const markdown = reviewMarkdown(preview, lintReport(options), stack);
	await print(markdown);
	if (forge !== undefined) console.error(await keepComment(forge, markdown));
}

const description = `Prints as Markdown what a deployment would change, old and new value of every key
of every host, and what the rules find in the inventory. Without a preview only
the latter. With --post it also writes the pull request's comment, or updates the
one of the same stack. For that it reads from the environment
on GitHub GITHUB_REPOSITORY, GITHUB_TOKEN (permission pull-requests: write) and
PULL_REQUEST, its number; on GitLab CI_API_V4_URL, CI_PROJECT_ID,
CI_MERGE_REQUEST_IID and GITLAB_TOKEN (scope api).
Exit code: 0, or 1 when a file is not what it should be or the forge refuses.`;

/** Adds the command to `ci`. */
export function add(ci: Command): void {
	ci.command("comment")
		.summary("say in a pull request what it changes")
		.description(description)
		.argument("[preview]", "the output of `pulumi preview --json`")
		.option("--post", "write it to the pull request")
		.addOption(
			stackOption(
				"names the comment, also where the preview failed before its first step",
			),
		)
		.addOption(inventoryOption())
		.addOption(configOption())
		.addHelpText(
			"after",
			`
Examples:
  $ pulumi preview --json >preview.json
  $ metaltune ci comment --stack prod preview.json          to look at
  $ metaltune ci comment --stack prod --post preview.json   in a job`,
		)
		.action(comment);
}
