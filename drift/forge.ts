/**
 * The issues of GitHub and GitLab over their REST interfaces, with what their
 * CI puts into the environment.
 */
import { printable } from "../inventory/printable";
import { fieldsOf, listOf } from "../provider/plainData";
import { type Forge, type Issue, label } from "./issue";

export type Call = (
	method: "GET" | "POST" | "PATCH" | "PUT",
	path: string,
	body?: { readonly [field: string]: unknown },
) => Promise<unknown>;

const seconds = 30;

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
			throw new Error(
				`${method} ${base}${path}: expected success, got ${response.status}: ${printable(text.slice(0, 300))}; may the token write there?`,
			);
		}
		return JSON.parse(text);
	};
}

function issuesOf(answer: unknown, numberField: string): readonly Issue[] {
	return listOf(answer, "issues")
		.map((each) => fieldsOf(each, "issue"))
		.filter((each) => each.pull_request === undefined)
		.map((each) => ({
			number: Number(each[numberField]),
			title: String(each.title),
		}));
}

function linkOf(answer: unknown, field: string): string {
	return printable(String(fieldsOf(answer, "issue")[field]));
}

function gitHub(call: Call): Forge {
	const url = (answer: unknown) => linkOf(answer, "html_url");
	const query = `labels=${label}&state=open&sort=created&direction=asc&per_page=100`;
	return {
		find: async () => issuesOf(await call("GET", `?${query}`), "number"),
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

function gitLab(call: Call): Forge {
	const url = (answer: unknown) => linkOf(answer, "web_url");
	const query = `labels=${label}&state=opened&order_by=created_at&sort=asc&per_page=100`;
	return {
		find: async () => issuesOf(await call("GET", `?${query}`), "iid"),
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
		return gitHub(
			caller(`${api}/repos/${GITHUB_REPOSITORY}/issues`, {
				Authorization: `Bearer ${GITHUB_TOKEN}`,
				Accept: "application/vnd.github+json",
			}),
		);
	}
	if (CI_API_V4_URL && CI_PROJECT_ID && GITLAB_TOKEN) {
		return gitLab(
			caller(`${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/issues`, {
				"PRIVATE-TOKEN": GITLAB_TOKEN,
			}),
		);
	}
	throw new Error(
		"expected GITHUB_REPOSITORY and GITHUB_TOKEN, or CI_API_V4_URL, CI_PROJECT_ID and GITLAB_TOKEN in the environment, got neither",
	);
}
