/** One issue per stack, on either forge: opened, updated, closed, never two. */
import { forgeFrom } from "../../../cli/ci/forge";
import { driftOfFile, keepIssue } from "../../../cli/ci/issue";
import { issuesOn, label } from "../../../cli/ci/issues";
import { dialects, type ForgeServer, startForge } from "./forgeServer";

describe.each(Object.entries(dialects))("%s", (_, dialect) => {
	let forge: ForgeServer;

	beforeEach(async () => {
		forge = await startForge(dialect);
	});
	afterEach(() => forge.close());

	const keep = (stack: string, body: string, isClean = false) =>
		keepIssue(issuesOn(forgeFrom(forge.env, "repository")), {
			title: `Drift: ${stack}`,
			body,
			isClean,
		});

	const openIssues = () => forge.issues.filter(({ open }) => open);

	test("an issue of the same title by another account is left alone", async () => {
		const theirs = { title: "Drift: prod", labels: label, by: "mallory" };
		forge.issues.push({
			...{ ...theirs, id: 1, body: "theirs", open: true },
			comments: [],
		});
		expect(await keep("prod", "first")).toBe("opened issue 2");
		await keep("prod", "all is well", true);
		expect(forge.issues).toMatchObject([
			{ body: "theirs", open: true, comments: [] },
			{ open: false },
		]);
	});

	test("drift opens one, more drift updates it, clean closes it", async () => {
		expect(await keep("prod", "first")).toBe("opened issue 1");
		expect(await keep("prod", "second")).toBe("updated issue 1");
		expect(forge.issues).toMatchObject([
			{ title: "Drift: prod", labels: label, body: "second", open: true },
		]);
		expect(await keep("prod", "all is well", true)).toContain("closed issue 1");
		expect(forge.issues).toMatchObject([
			{ body: "second", comments: ["all is well"], open: false },
		]);
		expect(await keep("prod", "all is well", true)).toContain(
			"no issue is open",
		);
		expect(await keep("prod", "again")).toBe("opened issue 2");
	});

	test("stacks have their own, and others' issues are left alone", async () => {
		forge.issues.push({
			id: 1,
			title: "Drift: prod",
			labels: "a person's",
			body: "theirs",
			open: true,
			comments: [],
		});
		await keep("prod", "p");
		await keep("production", "q");
		await keep("prod", "", true);
		expect(openIssues().map(({ title, body }) => [title, body])).toEqual([
			["Drift: prod", "theirs"],
			["Drift: production", "q"],
		]);
	});

	test("two of one stack become one", async () => {
		await keep("prod", "first");
		const [first] = forge.issues;
		if (first !== undefined)
			forge.issues.push({ ...first, id: 2, comments: [] });
		await keep("prod", "second");
		expect(openIssues()).toMatchObject([{ id: 1, body: "second" }]);
		expect(forge.issues[1]?.comments).toEqual(["Kept in #1."]);
	});

	test("a token that may not is a sentence without the token", async () => {
		const names = ["GITHUB_TOKEN", "GITLAB_TOKEN"];
		const wrong = Object.entries(forge.env).map(([name, value]) => [
			name,
			names.includes(name) ? "s3cret" : value,
		]);
		const refused = keepIssue(
			issuesOn(forgeFrom(Object.fromEntries(wrong), "repository")),
			{
				title: "Drift: prod",
				body: "b",
				isClean: false,
			},
		);
		const message = await refused.catch((error: Error) => error.message);
		expect(message).toMatch(
			/^GET http.*: expected success, got 404: .*may the token write there\?$/,
		);
		expect(message).toContain("\\u001b[31mNot Found");
		expect(message).not.toContain("s3cret");
	});
});

test("an environment of neither is refused with what it takes", () => {
	expect(() => forgeFrom({ GITHUB_REPOSITORY: "o/r" }, "repository")).toThrow(
		/expected GITHUB_REPOSITORY and GITHUB_TOKEN, or CI_API_V4_URL/,
	);
});

test.each([
	['{"judged":{"inventory":"hosts"},"result":"clean"}', /drift --stack/],
	['{"judged":{"stack":"s"},"result":"fine"}', /drift --stack/],
	['{"judged":{"stack":1},"result":"clean"}', /judged\.stack: expected text/],
	["[]", /r\.json: expected a map, got a list/],
	["", /r\.json: expected a report of `metaltune drift --stack` as JSON, got/],
])("%s is no report of a stack", (text, why) => {
	expect(() => driftOfFile("r.json", text)).toThrow(why);
});

test("a report of a stack is", () => {
	const text = '{"judged":{"stack":"s"},"result":"unknown"}';
	expect(driftOfFile("r.json", text)).toEqual({
		stack: "s",
		result: "unknown",
	});
});
