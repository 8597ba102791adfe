/**
 * The one comment on a pull request that shows its changes. It is found by its
 * first line and its author, and then updated.
 */

import { fieldsOf, listOf } from "../../model/plainData";
import type { Forge } from "./forge";

interface Comments {
	/** Where comments are listed and created. */
	readonly path: string;
	/** Where and how a comment is updated. */
	readonly update: readonly ["PATCH" | "PUT", (id: unknown) => string];
}

const pageSize = 100;
const mostPages = 50;

/** Where the comments of the pull request are. */
function commentsOf({ kind, request }: Forge): Comments {
	const path =
		kind === "GitHub"
			? `/issues/${request}/comments`
			: `/merge_requests/${request}/notes`;
	return {
		path,
		update:
			kind === "GitHub"
				? ["PATCH", (id) => `/issues/comments/${id}`]
				: ["PUT", (id) => `${path}/${id}`],
	};
}

// Any user may write the same first line.
async function earlier({ call, own }: Forge, path: string, mark: string) {
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
 * @param body from `reviewMarkdown`.
 * @returns what was done, for a log.
 * @throws Error when the forge refuses.
 */
export async function keepComment(forge: Forge, body: string): Promise<string> {
	const [mark = ""] = body.split("\n");
	const { path, update } = commentsOf(forge);
	const id = await earlier(forge, path, mark);
	const [method, pathOf] = update;
	await (id === undefined
		? forge.call("POST", path, { body })
		: forge.call(method, pathOf(id), { body }));
	return id === undefined ? "wrote the comment" : "updated the comment";
}
