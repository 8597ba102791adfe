/** Tables on terminals of every width, and without one. */
import fc from "fast-check";
import stringWidth from "string-width";
import { list, table } from "../../reports/table";

const head = ["host", "key", "declared", "live", "after boot", "verdict"];
const mask = "managed_irq,domain,8-15,24-31,40-47,56-63,72-79,88-95";
const rows = [
	["my-1", "sysctl.net.core.rmem_max", ">= 134217728", "212992", "-", "ok"],
	["my-2", "kernelCommandLine.isolcpus", mask, mask, "absent", "bootDrift"],
	["h漢字", "sysctl.net.ipv4.tcp_fastopen", "3", "", "absent", "bootDrift"],
];

const widest = (text: string) =>
	Math.max(...text.split("\n").map((line) => stringWidth(line)));

/** The text of a column, without its line breaks. */
function column(drawn: string, index: number): string {
	return drawn
		.split("\n")
		.map((line) => line.split("│")[index + 1]?.trim() ?? "")
		.join("");
}

describe.each([
	["table", table],
	["list", list],
])("a %s", (_, draw) => {
	test.each([60, 80, 100, 132, 200])("of %d columns fits them", (columns) => {
		const text = draw(head, rows, columns);
		expect(widest(text)).toBeLessThanOrEqual(columns);
		expect(text).not.toContain("…");
	});

	test("fits whatever hosts print", () => {
		const cell = fc.string({ unit: "grapheme", maxLength: 80 });
		const row = fc.tuple(cell, cell, cell);
		fc.assert(
			fc.property(
				fc.array(row, { minLength: 1, maxLength: 5 }),
				fc.integer({ min: 30, max: 120 }),
				(all, columns) => {
					const text = draw(["a", "b", "c"], all, columns);
					expect(widest(text)).toBeLessThanOrEqual(columns);
				},
			),
			{ numRuns: 200 },
		);
	});

	test("says where a cell was cut, which no pipe does", () => {
		const long = [["h", "x".repeat(3000)]];
		expect(draw(["host", "value"], long, 80)).toMatch(/x…/);
		const whole = draw(["host", "value"], long);
		expect(whole).not.toContain("…");
		expect(whole.match(/x/g)).toHaveLength(3000);
	});

	test("shows 12 digits of a hash, and other text as it is", () => {
		const hash = "0123456789abcdef".repeat(4);
		const text = draw(
			["a", "b", "c"],
			[[hash, `sha256:${hash}`, hash.slice(1)]],
			200,
		);
		expect(text).toMatch(/ ?0123456789ab… .* ?sha256:0123456789ab… /);
		expect(text).toContain(hash.slice(1));
	});
});

test("a key that is broken is whole, and no word of it is broken at 80", () => {
	const text = table(head, rows, 80);
	for (const [, key = ""] of rows) {
		expect(column(text, 1)).toContain(key);
	}
	expect(text).toContain("kernelCommandLine.");
});

test("cells are aligned below their heads, also of wide characters", () => {
	expect(
		list(
			["host", "state"],
			[
				["h漢字", "on"],
				["b", "off"],
			],
			80,
		),
	).toBe("host   state\nh漢字  on\nb      off");
	expect(table(["a", "b"], [["1", "2"]], 80)).toBe(
		"┌───┬───┐\n│ a │ b │\n├───┼───┤\n│ 1 │ 2 │\n└───┴───┘",
	);
});

test("no cell reaches the terminal as a command", () => {
	const text = list(["a"], [["\u001b[2J##[group]x"]], 80);
	expect(text).toBe("a\n\\u001b[2J\\u0023#[group]x");
});
