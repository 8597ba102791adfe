/** The issues of GitHub and of GitLab, as far as their documentation says. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface StoredIssue {
	readonly id: number;
	readonly title: string;
	readonly labels: string;
	/** Of an issue that another account than the token's has opened. */
	readonly by?: string;
	body: string;
	open: boolean;
	readonly comments: string[];
}

export interface ForgeServer {
	readonly env: NodeJS.ProcessEnv;
	readonly issues: StoredIssue[];
	close(): Promise<void>;
}

const token = "t0ken";

interface Dialect {
	readonly path: string;
	readonly env: (base: string) => NodeJS.ProcessEnv;
	readonly authorized: (request: IncomingMessage) => boolean;
	readonly idField: string;
	readonly urlField: string;
	readonly bodyField: string;
	readonly updateMethod: string;
	readonly commentPath: string;
	readonly openQuery: string;
	/** What `/user` answers; undefined where the token may not ask. */
	readonly account: object | undefined;
	/** What an issue says of who has opened it. */
	readonly written: (by: string | undefined) => object;
}

export const dialects: { readonly [name: string]: Dialect } = {
	GitHub: {
		path: "/repos/o/r/issues",
		env: (base) => ({
			GITHUB_API_URL: base,
			GITHUB_REPOSITORY: "o/r",
			GITHUB_TOKEN: token,
		}),
		authorized: ({ headers }) => headers.authorization === `Bearer ${token}`,
		idField: "number",
		urlField: "html_url",
		bodyField: "body",
		updateMethod: "PATCH",
		commentPath: "comments",
		openQuery: "state=open",
		account: undefined,
		written: (by = "github-actions[bot]") => ({ user: { login: by } }),
	},
	GitLab: {
		path: "/projects/7/issues",
		env: (base) => ({
			CI_API_V4_URL: base,
			CI_PROJECT_ID: "7",
			GITLAB_TOKEN: token,
		}),
		authorized: ({ headers }) => headers["private-token"] === token,
		idField: "iid",
		urlField: "web_url",
		bodyField: "description",
		updateMethod: "PUT",
		commentPath: "notes",
		openQuery: "state=opened",
		account: { id: 11 },
		written: (by) => ({ author: { id: by === undefined ? 11 : 12 } }),
	},
};

type Body = { readonly [field: string]: unknown };

/** Answers one request, or undefined where the forge would say 404. */
function answer(
	dialect: Dialect,
	issues: StoredIssue[],
	request: { readonly method: string; readonly url: URL; readonly body: Body },
): unknown {
	const { method, url, body } = request;
	const shown = (issue: StoredIssue) => ({
		[dialect.idField]: issue.id,
		title: issue.title,
		...dialect.written(issue.by),
		[dialect.urlField]: `issue ${issue.id}`,
	});
	const [, id, rest] =
		/^(?:\/(\d+)(?:\/(\w+))?)?$/.exec(
			url.pathname.slice(dialect.path.length),
		) ?? [];
	if (!url.pathname.startsWith(dialect.path)) return undefined;
	if (id === undefined && method === "GET") {
		const wanted = url.searchParams.get("labels");
		if (!url.search.includes(dialect.openQuery)) return undefined;
		return issues
			.filter(({ open, labels }) => open && labels === wanted)
			.map(shown);
	}
	if (id === undefined && method === "POST") {
		const issue: StoredIssue = {
			id: issues.length + 1,
			title: String(body.title),
			labels: String(body.labels),
			body: String(body[dialect.bodyField]),
			open: true,
			comments: [],
		};
		issues.push(issue);
		return shown(issue);
	}
	const issue = issues.find((each) => each.id === Number(id));
	if (issue === undefined) return undefined;
	if (rest === dialect.commentPath && method === "POST") {
		issue.comments.push(String(body.body));
		return {};
	}
	if (rest !== undefined || method !== dialect.updateMethod) return undefined;
	if (body[dialect.bodyField] !== undefined) {
		issue.body = String(body[dialect.bodyField]);
	}
	if (body.state === "closed" || body.state_event === "close") {
		issue.open = false;
	}
	return shown(issue);
}

/** Starts a forge without issues. */
export async function startForge(dialect: Dialect): Promise<ForgeServer> {
	const issues: StoredIssue[] = [];
	const server = createServer(async (request, response) => {
		const chunks = await request.toArray();
		const text = Buffer.concat(chunks).toString();
		if (request.url === "/user") {
			response.statusCode = dialect.account === undefined ? 403 : 200;
			response.end(JSON.stringify(dialect.account ?? {}));
			return;
		}
		const found = dialect.authorized(request)
			? answer(dialect, issues, {
					method: request.method ?? "",
					url: new URL(request.url ?? "", "http://forge"),
					body: text === "" ? {} : JSON.parse(text),
				})
			: undefined;
		response.statusCode = found === undefined ? 404 : 200;
		response.end(
			found === undefined ? "\u001b[31mNot Found" : JSON.stringify(found),
		);
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	return {
		env: dialect.env(`http://127.0.0.1:${port}`),
		issues,
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections();
			}),
	};
}
