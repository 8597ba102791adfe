/**
 * The inventory reader with files that any account may send in a pull request: read,
 * or refused with places in the file, and never anything else.
 */
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { sections } from "../../applications/sections";
import { loadInventory } from "../../inventory/load";
import { InventoryError } from "../../model/problem";
import { fuzzed } from "../support/fuzz";

const shipped = join(__dirname, "../../hosts");
const samples = ["", "profiles"].flatMap((directory) =>
	readdirSync(join(shipped, directory))
		.filter((name) => name.endsWith(".yaml"))
		.map((name) => readFileSync(join(shipped, directory, name), "utf8")),
);

/** What YAML, numbers, paths and names can be led astray by. */
const splinter = fc.oneof(
	fc.string({ unit: "binary", maxLength: 12 }),
	fc.constantFrom(
		...[
			"&a",
			"*a",
			"<<: *a",
			"!!binary x",
			"? [a]",
			"---",
			"%YAML 9",
			"|",
			">-",
		],
		...["{", "}", "[", "]", ": ", "\t", "\n", "\r", "'", '"', "#", "~", "null"],
		...[
			"0x7fffffffffffffff",
			"-1",
			"1e999",
			".nan",
			"0-8191:1/2",
			"9".repeat(400),
		],
		...["../../etc/passwd", "/dev/zero", "__proto__: {a: 1}", "constructor: 1"],
		...[
			"extends: fuzzed",
			"extends: [fuzzed, fuzzed]",
			"machines: {}",
			"\u202e",
		],
		"-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0a2V5",
	),
);

interface Edit {
	readonly at: number;
	readonly removed: number;
	readonly added: string;
}

const edit = fc.record({
	at: fc.double({ min: 0, max: 1, noNaN: true }),
	removed: fc.nat({ max: 40 }),
	added: splinter,
});

function edited(text: string, edits: readonly Edit[]): string {
	return edits.reduce((now, { at, removed, added }) => {
		const offset = Math.floor(at * now.length);
		return now.slice(0, offset) + added + now.slice(offset + removed);
	}, text);
}

const file = fc
	.tuple(
		fc.constantFrom(...samples),
		fc.array(edit, { minLength: 1, maxLength: 4 }),
	)
	.map(([text, edits]) => edited(text, edits));

let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "metaltune-fuzz-"));
	cpSync(join(shipped, "profiles"), join(directory, "profiles"), {
		recursive: true,
	});
});
afterAll(() => rmSync(directory, { recursive: true }));

function problems(text: string): InventoryError | undefined {
	writeFileSync(join(directory, "fuzzed.yaml"), text);
	try {
		loadInventory(directory, sections);
	} catch (error) {
		if (error instanceof InventoryError) return error;
		throw error;
	}
	return undefined;
}

test("any content of a file gives hosts or problems with places", () => {
	// Edits begin at what is read, not at what is refused at once.
	expect(samples.filter((text) => problems(text) === undefined)).not.toEqual(
		[],
	);
	fuzzed(
		fc.property(file, (text) => {
			const error = problems(text);
			for (const line of error?.message.split("\n") ?? []) {
				expect(line).not.toMatch(/\p{Cc}/u);
			}
			for (const { line, col } of error?.problems ?? []) {
				expect(Math.min(line, col)).toBeGreaterThan(0);
			}
		}),
	);
});
