/** The issues of GitHub and GitLab, behind one interface. */
import { fieldsOf, listOf } from "../../model/plainData";
import { printable } from "../../model/printable";
import type { Call, Forge, IsOwn } from "./forge";

/** The label of metaltune's issues. */
export const label = "metaltune-drift";

/** An open issue with metaltune's label. */
export interface Issue {
	readonly number: number;
	readonly title: string;
}

/** The issues of a repository or project. */
export interface Issues {
	/** Open issues with `label`, oldest first. */
	find(): Promise<readonly Issue[]>;
	/** @returns its URL. */
	open(title: string, body: string): Promise<string>;
	update(issue: Issue, body: string): Promise<string>;
	close(issue: Issue, comment: string): Promise<string>;
}

// Title and label are no proof: other users may have set them.
function ownIssues(
	answer: unknown,
	numberField: string,
	isOwn: IsOwn,
): readonly Issue[] {
	return listOf(answer, "issues")
		.map((each) => fieldsOf(each, "issue"))
		.filter((each) => each.pull_request === undefined && isOwn(each))
		.map((each) => ({
			number: Number(each[numberField]),
			title: String(each.title),
		}));
}

function linkOf(answer: unknown, field: string): string {
	return printable(String(fieldsOf(answer, "issue")[field]));
}

function onGitHub(call: Call, own: () => Promise<IsOwn>): Issues {
	const url = (answer: unknown) => linkOf(answer, "html_url");
	const query = `labels=${label}&state=open&sort=created&direction=asc&per_page=100`;
	return {
		find: async () =>
			ownIssues(await call("GET", `/issues?${query}`), "number", await own()),
		open: async (title, body) =>
			url(await call("POST", "/issues", { title, body, labels: [label] })),
		update: async ({ number }, body) =>
			url(await call("PATCH", `/issues/${number}`, { body })),
		async close({ number }, comment) {
			await call("POST", `/issues/${number}/comments`, { body: comment });
			const state = { state: "closed", state_reason: "completed" };
			return url(await call("PATCH", `/issues/${number}`, state));
		},
	};
}

function onGitLab(call: Call, own: () => Promise<IsOwn>): Issues {
	const url = (answer: unknown) => linkOf(answer, "web_url");
	const query = `labels=${label}&state=opened&order_by=created_at&sort=asc&per_page=100`;
	return {
		find: async () =>
			ownIssues(await call("GET", `/issues?${query}`), "iid", await own()),
		open: async (title, description) =>
			url(await call("POST", "/issues", { title, description, labels: label })),
		update: async ({ number }, description) =>
			url(await call("PUT", `/issues/${number}`, { description })),
		async close({ number }, comment) {
			await call("POST", `/issues/${number}/notes`, { body: comment });
			const state = { state_event: "close" };
			return url(await call("PUT", `/issues/${number}`, state));
		},
	};
}

/** The issues of a forge's repository. */
export function issuesOn({ kind, call, own }: Forge): Issues {
	return kind === "GitHub" ? onGitHub(call, own) : onGitLab(call, own);
}
