/**
 * The one comment of a pull request that says what it changes: found by its
 * first line and its author, and updated instead of written again.
 */

import { fieldsOf, listOf } from "../../model/plainData";
import { reviewMark } from "../../reports/pullRequest";
import {
	type Call,
	caller,
	gitHubHeaders,
	type IsOwn,
	ownOnGitHub,
	ownOnGitLab,
} from "./forge";

interface Comments {
	readonly call: Call;
	/** Anybody may write the first line of ours. */
	own(): Promise<IsOwn>;
	/** Where comments are listed and written. */
	readonly path: string;
	/** Where one is updated, and how. */
	readonly update: readonly ["PATCH" | "PUT", (id: unknown) => string];
}

const pageSize = 100;
const mostPages = 50;

/**
 * Where the comments of this pull request are.
 *
 * @throws Error naming what the environment lacks.
 */
function commentsFrom(env: NodeJS.ProcessEnv): Comments {
	const { GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL, PULL_REQUEST } = env;
	if (GITHUB_REPOSITORY && GITHUB_TOKEN && PULL_REQUEST) {
		const api = GITHUB_API_URL || "https://api.github.com";
		const headers = gitHubHeaders(GITHUB_TOKEN);
		return {
			call: caller(`${api}/repos/${GITHUB_REPOSITORY}/issues`, headers),
			own: () => ownOnGitHub(caller(api, headers)),
			path: `/${PULL_REQUEST}/comments`,
			update: ["PATCH", (id) => `/comments/${id}`],
		};
	}
	const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, GITLAB_TOKEN } =
		env;
	if (CI_API_V4_URL && CI_PROJECT_ID && CI_MERGE_REQUEST_IID && GITLAB_TOKEN) {
		const path = `/${CI_MERGE_REQUEST_IID}/notes`;
		const headers = { "PRIVATE-TOKEN": GITLAB_TOKEN };
		return {
			call: caller(
				`${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests`,
				headers,
			),
			own: () => ownOnGitLab(caller(CI_API_V4_URL, headers)),
			path,
			update: ["PUT", (id) => `${path}/${id}`],
		};
	}
	throw new Error(
		"expected GITHUB_REPOSITORY, GITHUB_TOKEN and PULL_REQUEST, or CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID and GITLAB_TOKEN in the environment, got neither",
	);
}

async function earlier({ call, path, own }: Comments, mark: string) {
	const isOwn = await own();
	for (let page = 1; page <= mostPages; page++) {
		const answer = await call(
			"GET",
			`${path}?per_page=${pageSize}&page=${page}`,
		);
		const comments = listOf(answer, "comments").map((each) =>
			fieldsOf(each, "comment"),
		);
		const ours = comments.find(
			(each) => isOwn(each) && String(each.body).split(/\r?\n/)[0] === mark,
		);
		if (ours !== undefined) return ours.id;
		if (comments.length < pageSize) return undefined;
	}
	return undefined;
}

/**
 * Writes the comment, or updates the one with the same first line.
 *
 * @param body what `metaltune review` printed.
 * @returns what was done, for a log.
 * @throws Error when the body is no review, or the forge refuses.
 */
export async function keepComment(
	env: NodeJS.ProcessEnv,
	body: string,
): Promise<string> {
	const [mark = ""] = body.split("\n");
	if (!mark.startsWith(reviewMark)) {
		throw new Error(
			`expected the output of \`metaltune review\`, got a text without its first line ${reviewMark} -->`,
		);
	}
	const comments = commentsFrom(env);
	const id = await earlier(comments, mark);
	const { call, path, update } = comments;
	const [method, pathOf] = update;
	await (id === undefined
		? call("POST", path, { body })
		: call(method, pathOf(id), { body }));
	return id === undefined ? "wrote the comment" : "updated the comment";
}
