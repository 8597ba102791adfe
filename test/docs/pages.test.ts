/**
 * The pages as a whole: README.md stays short, every page is in the index, every
 * link leads to a file and a heading, and what a page says of tunables, setup and
 * the command line is so.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { applications } from "../../applications/applicationSettings";
import { tunables } from "../../tunables/registry";
import { unknownIn } from "./commandHelp";
import { anchorsOf, codeOf, headingsOf, linksOf } from "./markdown";
import { callsOf } from "./workflowCommands";

const checkout = join(__dirname, "../..");

const textOf = (file: string) => readFileSync(join(checkout, file), "utf8");

/** Files that are in the repository, or will be with the next commit. */
const files = execFileSync(
	"git",
	["ls-files", "--cached", "--others", "--exclude-standard"],
	{ cwd: checkout, encoding: "utf8" },
)
	.split("\n")
	.filter((file) => file !== "" && existsSync(join(checkout, file)));

const pages = files.filter((file) => file.endsWith(".md"));

/** Why a relative link leads nowhere. */
function deadLink(page: string, link: string): string | undefined {
	const [path = "", anchor] = link.split("#");
	const target =
		path === "" ? page : normalize(join(dirname(page), decodeURI(path)));
	if (!existsSync(join(checkout, target))) return `${link}: no such file`;
	if (anchor === undefined || statSync(join(checkout, target)).isDirectory()) {
		return undefined;
	}
	return anchorsOf(textOf(target)).has(anchor)
		? undefined
		: `${link}: no such heading`;
}

const isRelative = (link: string) => !/^(?:[a-z]+:|\/\/)/.test(link);

test("README.md has at most 130 lines", () => {
	expect(textOf("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(
		130,
	);
});

test("the links that are followed are those of a page, and anchors are GitHub's", () => {
	const text = "# `a` & B\n# a & B\n[x](y.md#z)\n\n```\n# c\n[no](n)\n```\n";
	expect(linksOf(text)).toEqual(["y.md#z"]);
	expect([...anchorsOf(text)]).toEqual(["a--b", "a--b-1"]);
	expect(deadLink("docs/x.md", "nowhere.md")).toContain("no such file");
	expect(deadLink("docs/x.md", "../README.md#nowhere")).toContain(
		"no such heading",
	);
});

test("pages with links are found", () => {
	const withLinks = pages.filter((page) => linksOf(textOf(page)).length > 0);
	expect(withLinks).toEqual(
		expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/README.md"]),
	);
});

test.each(pages)("every link of %s leads somewhere", (page) => {
	const dead = linksOf(textOf(page))
		.filter(isRelative)
		.flatMap((link) => deadLink(page, link) ?? []);
	expect(dead).toEqual([]);
});

test("the index names every page of docs/ once", () => {
	const named = linksOf(textOf("docs/README.md"))
		.filter(isRelative)
		.map((link) => normalize(join("docs", link)));
	const own = pages.filter(
		(page) => page.startsWith("docs/") && page !== "docs/README.md",
	);
	expect(named.filter((page) => own.includes(page)).toSorted()).toEqual(
		own.toSorted(),
	);
});

describe("pages that code and messages name", () => {
	const named = files
		.filter((file) => !file.startsWith("test/docs/"))
		.filter((file) => statSync(join(checkout, file)).size < 1_000_000)
		.flatMap((file) =>
			[
				...textOf(file).matchAll(
					/docs\/[\w./-]+\.(?:md|json)(?:, "?([A-Z][A-Za-z0-9 ]+))?/g,
				),
			].map(([text = "", heading]) => ({
				file,
				page: text.split(", ")[0] ?? "",
				heading,
			})),
		);

	test("names pages that there are", () => {
		expect(named.length).toBeGreaterThan(20);
		expect(
			named.filter(({ page }) => !existsSync(join(checkout, page))),
		).toEqual([]);
	});

	test("names headings that there are, as sources of rules do", () => {
		const cited = named.filter(
			({ file, heading }) =>
				file.startsWith("policies/rules/") && heading !== undefined,
		);
		expect(cited.length).toBeGreaterThan(5);
		expect(
			cited.filter(
				({ page, heading = "" }) => !headingsOf(textOf(page)).includes(heading),
			),
		).toEqual([]);
	});
});

test("the command line knows every command and option that a page calls", async () => {
	const calls = pages.flatMap((page) => callsOf(codeOf(textOf(page))));
	expect(calls.length).toBeGreaterThan(30);
	const unknown = await Promise.all(calls.map(unknownIn));
	expect(unknown.flat()).toEqual([]);
	expect(
		await Promise.all(
			callsOf(["bin/metaltune nothing", "bin/metaltune lab up --nothing"]).map(
				unknownIn,
			),
		),
	).toEqual([["nothing"], ["lab up --nothing"]]);
}, 120_000);

test("docs/setup.md has every form of bin/setup", () => {
	const help = execFileSync("bin/setup", ["--help"], {
		cwd: checkout,
		encoding: "utf8",
	});
	const options = [...help.matchAll(/^ {2}(--[a-z=]+) /gm)].map(
		([, option]) => option ?? "",
	);
	const rows = [
		...textOf("docs/setup.md").matchAll(/^\| `(--[a-z=]+)` \|/gm),
	].map(([, option]) => option ?? "");
	expect(rows.length).toBeGreaterThan(0);
	expect(rows.toSorted()).toEqual(
		options.filter((option) => option !== "--help").toSorted(),
	);
});

describe("docs/tunables.md", () => {
	const rows = textOf("docs/tunables.md")
		.split("\n")
		.filter((line) => line.startsWith("| `"))
		.map((line) => line.split("|").map((cell) => cell.trim()))
		.flatMap(([, names = "", , layers]) =>
			[...names.matchAll(/`(\w+)`/g)]
				.map(([, name]) => ({ name, layers }))
				.filter(({ name }) => !["tuning", "checklist"].includes(name ?? "")),
		);

	test("has every tunable once, with its layers", () => {
		const real = [...tunables, applications].map(
			({ name, docs }) => `${name}: ${docs.layers.join(", ")}`,
		);
		expect(
			rows.map(({ name, layers }) => `${name}: ${layers}`).toSorted(),
		).toEqual(real.toSorted());
	});
});
