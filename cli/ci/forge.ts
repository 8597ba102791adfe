/**
 * The issues of GitHub and GitLab over their REST interfaces, with what their
 * CI puts into the environment.
 */

import { type Fields, fieldsOf, listOf } from "../../model/plainData";
import { printable } from "../../model/printable";
import { type Forge, type Issue, label } from "./issue";

export type Call = (
	method: "GET" | "POST" | "PATCH" | "PUT",
	path: string,
	body?: { readonly [field: string]: unknown },
) => Promise<unknown>;

const seconds = 30;

/** A forge that refused a call. */
class RefusedCall extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

/** Calls below a URL; an answer that is no success is thrown as a sentence. */
export function caller(
	base: string,
	headers: { readonly [name: string]: string },
): Call {
	return async (method, path, body) => {
		const response = await fetch(`${base}${path}`, {
			method,
			headers: { ...headers, "Content-Type": "application/json" },
			signal: AbortSignal.timeout(seconds * 1000),
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) {
			throw new RefusedCall(
				response.status,
				`${method} ${base}${path}: expected success, got ${response.status}: ${printable(text.slice(0, 300))}; may the token write there?`,
			);
		}
		return JSON.parse(text);
	};
}

/** Whether an issue or a comment was written by the account of the token. */
export type IsOwn = (written: Fields) => boolean;

/** GitHub's, by the name of the account. */
export async function ownOnGitHub(call: Call): Promise<IsOwn> {
	let login: unknown = "github-actions[bot]";
	try {
		login = fieldsOf(await call("GET", "/user"), "user").login;
	} catch (error) {
		// The token of a workflow is no user's and may not ask.
		if (!(error instanceof RefusedCall) || error.status !== 403) throw error;
	}
	return ({ user }) =>
		login !== undefined && fieldsOf(user ?? {}, "user").login === login;
}

/** GitLab's, by the number of the account. */
export async function ownOnGitLab(call: Call): Promise<IsOwn> {
	const { id } = fieldsOf(await call("GET", "/user"), "user");
	return ({ author }) =>
		id !== undefined && fieldsOf(author ?? {}, "author").id === id;
}

// A title and a label are no proof: others may have set them.
function issuesOf(
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

function gitHub(call: Call, own: () => Promise<IsOwn>): Forge {
	const url = (answer: unknown) => linkOf(answer, "html_url");
	const query = `labels=${label}&state=open&sort=created&direction=asc&per_page=100`;
	return {
		find: async () =>
			issuesOf(await call("GET", `?${query}`), "number", await own()),
		open: async (title, body) =>
			url(await call("POST", "", { title, body, labels: [label] })),
		update: async ({ number }, body) =>
			url(await call("PATCH", `/${number}`, { body })),
		async close({ number }, comment) {
			await call("POST", `/${number}/comments`, { body: comment });
			const state = { state: "closed", state_reason: "completed" };
			return url(await call("PATCH", `/${number}`, state));
		},
	};
}

function gitLab(call: Call, own: () => Promise<IsOwn>): Forge {
	const url = (answer: unknown) => linkOf(answer, "web_url");
	const query = `labels=${label}&state=opened&order_by=created_at&sort=asc&per_page=100`;
	return {
		find: async () =>
			issuesOf(await call("GET", `?${query}`), "iid", await own()),
		open: async (title, description) =>
			url(await call("POST", "", { title, description, labels: label })),
		update: async ({ number }, description) =>
			url(await call("PUT", `/${number}`, { description })),
		async close({ number }, comment) {
			await call("POST", `/${number}/notes`, { body: comment });
			return url(await call("PUT", `/${number}`, { state_event: "close" }));
		},
	};
}

/** What GitHub's interface wants with every call. */
export function gitHubHeaders(token: string) {
	return {
		Authorization: `Bearer ${token}`,
		Accept: "application/vnd.github+json",
	};
}

/**
 * The forge whose CI this is.
 *
 * @throws Error naming every variable that is missing.
 */
export function forgeFrom(env: NodeJS.ProcessEnv): Forge {
	const { GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL } = env;
	const { CI_API_V4_URL, CI_PROJECT_ID, GITLAB_TOKEN } = env;
	if (GITHUB_REPOSITORY && GITHUB_TOKEN) {
		const api = GITHUB_API_URL || "https://api.github.com";
		const headers = gitHubHeaders(GITHUB_TOKEN);
		return gitHub(
			caller(`${api}/repos/${GITHUB_REPOSITORY}/issues`, headers),
			() => ownOnGitHub(caller(api, headers)),
		);
	}
	if (CI_API_V4_URL && CI_PROJECT_ID && GITLAB_TOKEN) {
		const headers = { "PRIVATE-TOKEN": GITLAB_TOKEN };
		return gitLab(
			caller(`${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/issues`, headers),
			() => ownOnGitLab(caller(CI_API_V4_URL, headers)),
		);
	}
	throw new Error(
		"expected GITHUB_REPOSITORY and GITHUB_TOKEN, or CI_API_V4_URL, CI_PROJECT_ID and GITLAB_TOKEN in the environment, got neither",
	);
}
