/**
 * README.md and the guides do what they say: their blocks run in order, against
 * a simulated host in place of the reader's, in a copy of the checkout and a
 * home directory of their own. What they show as output is what was printed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ReaderMachine, startReaderMachine } from "./readerMachine";
import { type Block, blocksOf, shownIn } from "./readmeBlocks";

const checkout = join(__dirname, "../..");

/** In the order in which they are followed: each goes on from the one before. */
const pages = [
	"README.md",
	"docs/setup.md",
	"docs/connections.md",
	"docs/tunables.md",
	"docs/fleets.md",
	"docs/operations.md",
	"docs/limits.md",
];

const blocks = pages.flatMap((page) =>
	blocksOf(readFileSync(join(checkout, page), "utf8")),
);

/** Blocks that cannot run here, and why. */
const notRun: { readonly [name: string]: string } = {
	quickstart: "bin/test runs the quickstart as a step of its own",
	user: "adds a user to the machine; a simulated host shares this one's users",
	setup: "bin/test begins with it",
	console: "needs the console of a real machine",
	timeouts:
		"one key of a group's file; test/inventory/sections/connection.test.ts",
	login:
		"one key of a group's file; test/inventory/sections/connection.test.ts",
	rollout: "a part of a group's file; test/engine/rollout.test.ts",
	"rollout failure": "needs several hosts; test/engine/rollout.test.ts",
};

let machine: ReaderMachine;

/** What a command line's block printed when it ran for the first time. */
const printed = new Map<string, string>();

beforeAll(async () => {
	machine = await startReaderMachine(checkout);
}, 60_000);

afterAll(() => machine?.stop());

/** The reader has one shell, in which .metaltune/env stays sourced. */
async function runBlock(text: string, code = 0): Promise<string> {
	const done = await machine.shell(
		`. .metaltune/env\n${machine.adapted(text)}`,
	);
	expect({ text, done }).toMatchObject({ done: { code } });
	for (const line of text.split("\n")) {
		if (!printed.has(line)) printed.set(line, done.text);
	}
	return done.text;
}

/** What a person does between two blocks. */
const before: { readonly [name: string]: () => Promise<unknown> } = {
	"hosts/my.yaml": () => machine.shell("rm hosts/*.yaml"),
	afterwards: async () => {
		await machine.shell(
			`echo 212992 >'${machine.root}/proc/sys/net/core/rmem_max'
			sed -i /tcp_fastopen/d '${machine.root}/etc/sysctl.d/zz-metaltune.conf'`,
		);
		await runBlock("bin/metaltune drift --stack prod", 2);
	},
};

/** What a block must have printed. */
const shows: { readonly [name: string]: RegExp } = {
	keyscan: /^256 SHA256:\S+ .*\(ED25519\)$/m,
	up: /^my-1 +my +[\s\S]*1 host, \d+ rules: 0 findings[\s\S]*│ my-1 │ [0-9a-f]{8} │ \d+ │ 0 +│ 0 +│/m,
	afterwards:
		/rmem_max +live: 212992 -> >= 134217728[\s\S]*Policies:[\s\S]*metaltune[\s\S]*have been deleted/,
	explain: /kernelCommandLine[\s\S]*hugePages/,
	group: /\+ 6 created/,
	again: /6 unchanged/,
	check: /^smt\.control +off +off +off +ok$/m,
};

async function follow(block: Block): Promise<void> {
	await before[block.name]?.();
	if (block.use === "file") {
		writeFileSync(
			join(machine.directory, block.name),
			machine.adapted(block.text),
		);
		return;
	}
	expect(await runBlock(block.text)).toMatch(shows[block.name] ?? /^/);
}

const named = (use: Block["use"]) =>
	blocks.filter((block) => block.use === use).map(({ name }) => name);

test("every block says whether it is run, or here is why it is not", () => {
	expect(named("unmarked")).toEqual([]);
	expect(named("not run").toSorted()).toEqual(Object.keys(notRun).toSorted());
	const names = blocks.map(({ name }) => name);
	expect(names).toEqual([...new Set(names)]);
	expect(names).toEqual(
		expect.arrayContaining([...Object.keys(shows), ...Object.keys(before)]),
	);
});

describe("followed from top to bottom", () => {
	const followed = blocks.filter(({ use }) => use === "run" || use === "file");
	test.each(followed.map((block) => [block.name, block] as const))(
		"%s",
		(_, block) => follow(block),
		300_000,
	);
});

describe("output is as it was printed", () => {
	const shown = blocks
		.filter(({ use }) => use === "output")
		.flatMap((block) => shownIn(block));
	test.each(shown.map((each) => [each.command, each] as const))(
		"%s",
		(command, { lines }) => {
			const text = printed.get(command) ?? "";
			expect(lines.length).toBeGreaterThan(0);
			const real = text.split("\n").map((line) => line.trim());
			expect(real).toEqual(expect.arrayContaining([...lines]));
		},
	);
});
