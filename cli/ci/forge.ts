/**
 * The forge that runs this CI job, GitHub or GitLab, over its REST API. The
 * job's environment variables identify it.
 */

import { type Fields, fieldsOf } from "../../model/plainData";
import { printable } from "../../model/printable";

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

/** Calls paths below a URL; an unsuccessful answer is thrown as a sentence. */
function caller(
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

/** Whether the token's account wrote an issue or a comment. */
export type IsOwn = (written: Fields) => boolean;

/** On GitHub, by the name of the account. */
async function ownOnGitHub(call: Call): Promise<IsOwn> {
	let login: unknown = "github-actions[bot]";
	try {
		login = fieldsOf(await call("GET", "/user"), "user").login;
	} catch (error) {
		// A workflow's token belongs to no user and may not read `/user`.
		if (!(error instanceof RefusedCall) || error.status !== 403) throw error;
	}
	return ({ user }) =>
		login !== undefined && fieldsOf(user ?? {}, "user").login === login;
}

/** On GitLab, by the number of the account. */
async function ownOnGitLab(call: Call): Promise<IsOwn> {
	const { id } = fieldsOf(await call("GET", "/user"), "user");
	return ({ author }) =>
		id !== undefined && fieldsOf(author ?? {}, "author").id === id;
}

export interface Forge {
	readonly kind: "GitHub" | "GitLab";
	/** Calls below the repository or project. */
	readonly call: Call;
	/** Whether the token's account wrote an issue or a comment. */
	own(): Promise<IsOwn>;
	/** The number of the pull request or merge request; "" outside of one. */
	readonly request: string;
}

const needed = {
	GitHub: ["GITHUB_REPOSITORY", "GITHUB_TOKEN"],
	GitLab: ["CI_API_V4_URL", "CI_PROJECT_ID", "GITLAB_TOKEN"],
} as const;

const numbers = {
	GitHub: "PULL_REQUEST",
	GitLab: "CI_MERGE_REQUEST_IID",
} as const;

function gitHub(env: NodeJS.ProcessEnv): Forge {
	const api = env.GITHUB_API_URL || "https://api.github.com";
	const headers = {
		Authorization: `Bearer ${env.GITHUB_TOKEN}`,
		Accept: "application/vnd.github+json",
	};
	return {
		kind: "GitHub",
		call: caller(`${api}/repos/${env.GITHUB_REPOSITORY}`, headers),
		own: () => ownOnGitHub(caller(api, headers)),
		request: env[numbers.GitHub] ?? "",
	};
}

function gitLab(env: NodeJS.ProcessEnv): Forge {
	const api = env.CI_API_V4_URL ?? "";
	const headers = { "PRIVATE-TOKEN": env.GITLAB_TOKEN ?? "" };
	return {
		kind: "GitLab",
		call: caller(`${api}/projects/${env.CI_PROJECT_ID}`, headers),
		own: () => ownOnGitLab(caller(api, headers)),
		request: env[numbers.GitLab] ?? "",
	};
}

function and(names: readonly string[]): string {
	return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * The forge that runs this CI job.
 *
 * @param of whether a pull request is needed too.
 * @throws Error naming every variable that is needed.
 */
export function forgeFrom(
	env: NodeJS.ProcessEnv,
	of: "repository" | "pull request",
): Forge {
	const variables = (kind: Forge["kind"]) =>
		of === "repository" ? needed[kind] : [...needed[kind], numbers[kind]];
	const has = (kind: Forge["kind"]) =>
		variables(kind).every((name) => env[name]);
	if (has("GitHub")) return gitHub(env);
	if (has("GitLab")) return gitLab(env);
	throw new Error(
		`expected ${and(variables("GitHub"))}, or ${and(variables("GitLab"))} in the environment, got neither`,
	);
}
