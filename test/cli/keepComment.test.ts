/** One comment per stack and pull request, on both forges. */
import { createServer, type Server } from "node:http";
import { keepComment } from "../../cli/ci/comment";
import { forgeFrom } from "../../cli/ci/forge";

let server: Server;
let base: string;
let calls: string[];
let comments: {
	readonly id: number;
	readonly body: string;
	readonly user?: object;
	readonly author?: object;
}[];
/** Who the token is; GitHub refuses to tell of a workflow's. */
let account: object | undefined;
let status: number;

beforeAll(async () => {
	server = createServer((request, response) => {
		const { method = "", url = "" } = request;
		if (url === "/user") {
			response.statusCode = account === undefined ? 403 : 200;
			response.end(JSON.stringify(account ?? {}));
			return;
		}
		let text = "";
		request.on("data", (chunk) => {
			text += chunk;
		});
		request.on("end", () => {
			const sent =
				text === "" ? "" : ` ${JSON.parse(text).body.split("\n")[1]}`;
			calls.push(`${method} ${url}${sent}`);
			const page = Number(new URL(url, "http://x").searchParams.get("page"));
			const shown = comments.slice((page - 1) * 100, page * 100);
			response.statusCode = status;
			response.end(JSON.stringify(method === "GET" ? shown : {}));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("port");
	base = `http://127.0.0.1:${address.port}`;
});
afterAll(() => server.close());
beforeEach(() => {
	calls = [];
	comments = [];
	account = undefined;
	status = 200;
});

const gitHub = () =>
	forgeFrom(
		{
			GITHUB_API_URL: base,
			GITHUB_REPOSITORY: "o/r",
			GITHUB_TOKEN: "t",
			PULL_REQUEST: "7",
		},
		"pull request",
	);
const gitLab = () =>
	forgeFrom(
		{
			CI_API_V4_URL: base,
			CI_PROJECT_ID: "5",
			CI_MERGE_REQUEST_IID: "7",
			GITLAB_TOKEN: "t",
		},
		"pull request",
	);
const body = "<!-- metaltune ci comment prod -->\nnew";
const before = "<!-- metaltune ci comment prod -->\r\nold";
const ours = { login: "github-actions[bot]" };
const others = Array.from({ length: 100 }, (_, id) => ({
	id,
	body: id === 5 ? "<!-- metaltune ci comment test -->\nx" : "hello",
}));

test("the first time it is written, whatever others have said", async () => {
	comments = others.slice(0, 99);
	expect(await keepComment(gitHub(), body)).toBe("wrote the comment");
	expect(calls).toEqual([
		"GET /repos/o/r/issues/7/comments?per_page=100&page=1",
		"POST /repos/o/r/issues/7/comments new",
	]);
});

test("then it is updated, on whichever page it is", async () => {
	comments = [...others, { id: 321, body: before, user: ours }];
	expect(await keepComment(gitHub(), body)).toBe("updated the comment");
	expect(calls.slice(1)).toEqual([
		"GET /repos/o/r/issues/7/comments?per_page=100&page=2",
		"PATCH /repos/o/r/issues/comments/321 new",
	]);
});

test("another account's comment with the same first line is not changed", async () => {
	comments = [
		{ id: 1, body: before, user: { login: "mallory" } },
		{ id: 2, body: before },
	];
	expect(await keepComment(gitHub(), body)).toBe("wrote the comment");
	account = { login: "deployer" };
	comments.push({ id: 3, body: before, user: ours });
	expect(await keepComment(gitHub(), body)).toBe("wrote the comment");
	comments.push({ id: 4, body: before, user: { login: "deployer" } });
	expect(await keepComment(gitHub(), body)).toBe("updated the comment");
	expect(calls.at(-1)).toMatch(/^PATCH .*comments\/4 new$/);
});

test("GitLab's notes are kept the same way", async () => {
	account = { id: 4, username: "bot" };
	comments = [
		{ id: 8, body: before, author: { id: 3, username: "bot" } },
		{ id: 9, body: before, author: { id: 4 } },
	];
	expect(await keepComment(gitLab(), body)).toBe("updated the comment");
	comments = [];
	expect(await keepComment(gitLab(), body)).toBe("wrote the comment");
	expect(calls).toEqual([
		"GET /projects/5/merge_requests/7/notes?per_page=100&page=1",
		"PUT /projects/5/merge_requests/7/notes/9 new",
		"GET /projects/5/merge_requests/7/notes?per_page=100&page=1",
		"POST /projects/5/merge_requests/7/notes new",
	]);
});

test("a token without write permission is reported", async () => {
	status = 403;
	await expect(keepComment(gitHub(), body)).rejects.toThrow(
		/expected success, got 403/,
	);
});

test("the variables of a forge are named where one is missing", () => {
	const workflow = { GITHUB_REPOSITORY: "o/r", GITHUB_TOKEN: "t" };
	expect(() => forgeFrom(workflow, "pull request")).toThrow(
		"expected GITHUB_REPOSITORY, GITHUB_TOKEN and PULL_REQUEST, or CI_API_V4_URL, CI_PROJECT_ID, GITLAB_TOKEN and CI_MERGE_REQUEST_IID in the environment, got neither",
	);
	expect(forgeFrom(workflow, "repository").kind).toBe("GitHub");
});
