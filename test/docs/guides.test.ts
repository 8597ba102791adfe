/** Lines of a guide that profiles and coverage.md cite can be looked up. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const checkout = join(__dirname, "../..");
const read = (path: string) => readFileSync(join(checkout, path), "utf8");

interface Range {
	readonly first: number;
	readonly last: number;
}

function rangesIn(text: string): readonly Range[] {
	return [...text.matchAll(/(\d+)(?:-(\d+))?/g)].map(([, first, last]) => ({
		first: Number(first),
		last: Number(last ?? first),
	}));
}

/** The rows of a guide's page. */
function rowsOf(guide: string): readonly Range[] {
	return read(`docs/guides/${guide}.md`)
		.split("\n")
		.flatMap((line) => /^\| ([\d-]+) \| \S/.exec(line)?.[1] ?? [])
		.flatMap(rangesIn);
}

/** The lines that comments of a profile begin with: `# 54-67, 72`. */
function citedByProfile(guide: string): readonly Range[] {
	return read(`hosts/profiles/${guide}.yaml`)
		.split("\n")
		.flatMap((line) => /# (\d[\d, -]*)(?=\D|$)/.exec(line)?.[1] ?? [])
		.flatMap(rangesIn);
}

/** The first column of a guide's table in coverage.md. */
function citedByCoverage(number: string): readonly Range[] {
	const section = read("docs/coverage.md")
		.split(/^## /m)
		.find((text) => text.startsWith(number));
	return (section ?? "")
		.split("\n")
		.flatMap((line) => /^\| ([\d, -]+) \|/.exec(line)?.[1] ?? [])
		.flatMap(rangesIn);
}

const isIn = (line: number) => (row: Range) =>
	row.first <= line && line <= row.last;

describe.each([
	["000", "fx-store"],
	["001", "alphapulse"],
	["002", "raven"],
	["003", "solana-mev"],
	["004", "ruvector"],
])("guide %s, %s", (number, guide) => {
	const rows = rowsOf(guide);

	test("has rows in the order of its lines, that do not overlap", () => {
		const ends = rows.flatMap(({ first, last }) => [first - 0.5, last]);
		expect(ends).toEqual(ends.toSorted((a, b) => a - b));
		expect(rows.length).toBeGreaterThan(10);
	});

	test("says what every line is that is cited", () => {
		const cited = [...citedByProfile(guide), ...citedByCoverage(number)];
		expect(cited.length).toBeGreaterThan(4);
		const unknown = cited
			.flatMap(({ first, last }) => [first, last])
			.filter((line) => !rows.some(isIn(line)));
		expect(unknown).toEqual([]);
	});
});
