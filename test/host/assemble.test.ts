/** What the assembler of the host program refuses, each with a small bad source. */
import { describe, expect, test } from "@jest/globals";
import {
	awkAssignment,
	awkVariable,
	type Source,
	sharedAwk,
} from "../../host/awkPrograms";
import { checkSources } from "../../host/sourceChecks";

const library = "host/lib/lib.sh";
const tunable = "tunables/flux/host.sh";

/** A tunable's shell half with these hooks and lines. */
function half(hooks: string, ...lines: readonly string[]): Source {
	const text = ["#!/bin/sh", `# hooks: ${hooks}`, ...lines, ""].join("\n");
	return { path: tunable, text };
}

const probe = ["flux_probe() {", "\tfact key live value 1 -", "}"] as const;
const other: Source = {
	path: "tunables/sink/host.sh",
	text: "# hooks: probe\nsink_probe() {\n\t:\n}\n",
};

function inLibrary(...lines: readonly string[]): Source {
	return { path: library, text: `${lines.join("\n")}\n` };
}

test("good sources pass", () => {
	const file = half(
		"probe boot",
		"flux_boot=unit",
		"# sink_probe is only spoken of, as is RANDOM=1",
		...probe,
		"flux_rows() {",
		"\twhile IFS=$US read -r KEY _; do",
		'\t\tawk "$AWK_lib$AWK_flux_rows"',
		"\tdone",
		"}",
	);
	const awk = [
		{ path: sharedAwk, text: "function trim(text) { return text }\n" },
		{ path: "tunables/flux/rows.awk", text: "{ print trim($0) }\n" },
	];
	expect(() => checkSources([file, other], awk)).not.toThrow();
});

describe("lengths", () => {
	const body = (lines: number) => Array.from({ length: lines }, () => "\t:");
	const head = ["# a comment", "", "lib_long() {", "\t# another"];

	test("a function of 40 lines of code passes, and one of 41 does not", () => {
		const file = inLibrary(...head, ...body(40), "}");
		expect(() => checkSources([file], [])).not.toThrow();
		const longer = inLibrary(...head, ...body(41), "}");
		expect(() => checkSources([longer], [])).toThrow(
			`${library}:3: expected a function of at most 40 lines of code, got 41;`,
		);
	});

	test("a file of 250 lines of code passes, and one of 251 does not", () => {
		const text = (lines: number) => ({
			path: sharedAwk,
			text: `# a comment\n${"{ print }\n".repeat(lines)}`,
		});
		const user = inLibrary('awk "$AWK_lib"');
		expect(() => checkSources([user], [text(250)])).not.toThrow();
		expect(() => checkSources([user], [text(251)])).toThrow(
			`${sharedAwk}: expected at most 250 lines of code, got 251;`,
		);
	});
});

describe("function names", () => {
	test("a tunable's begin with its name", () => {
		const file = half("probe", ...probe, "helper() {", "\t:", "}");
		expect(() => checkSources([file], [])).toThrow(
			`${tunable}:6: the function helper must begin with flux_;`,
		);
	});

	test("only a tunable's begin with it", () => {
		const file = inLibrary("sink_helper() {", "\t:", "}");
		expect(() => checkSources([file, other], [])).toThrow(
			`${library}:1: the function sink_helper has the prefix of tunables/sink;`,
		);
	});

	test("are defined once in the whole program", () => {
		const text = "\n# prefix: lib\nlib_helper() {\n\t:\n}\n";
		const verbs = { path: "host/verbs/a.sh", text };
		const file = inLibrary("lib_helper() {", "\t:", "}");
		expect(() => checkSources([file, verbs], [])).toThrow(
			`host/verbs/a.sh:3: the function lib_helper is also defined in ${library}:1`,
		);
	});

	test.each([
		["host/verbs/a.sh", "", "a, a_row", "b_row"],
		["host/boot/grubTwo.sh", "# prefix: grub\n", "grub_row", "grubTwo_row"],
		["host/provisional/a.sh", "# verbs: take-back\n", "verb_take_back", "row"],
		["applications/host/a.sh", "", "a_row", "verb_a"],
	])("those of %s begin with its prefix", (path, head, good, bad) => {
		const source = (names: string): Source => ({
			path,
			text: `${head}${names.replace(/(\w+)(, )?/g, "$1() {\n\t:\n}\n")}`,
		});
		expect(() => checkSources([source(good)], [])).not.toThrow();
		expect(() => checkSources([source(`${good}, ${bad}`)], [])).toThrow(
			/the function .* must begin with|the line `# verbs:` of this file lacks/,
		);
	});

	test("words without a prefix are listed, defined, and called by a tunable", () => {
		const head = "# for tunables: fact";
		const fact = ["fact() {", "\t:", "}"];
		const caller = half("probe", ...probe);
		const check = (...files: readonly Source[]) => checkSources(files, []);
		expect(() => check(inLibrary(head, ...fact), caller)).not.toThrow();
		expect(() => check(inLibrary(...fact), caller)).toThrow(
			`${library}:1: the function fact must begin with lib_;`,
		);
		expect(() => check(inLibrary(head), caller)).toThrow("fact, which is not");
		expect(() => check(inLibrary(head, ...fact), other)).toThrow(
			"fact, which no tunable calls",
		);
	});

	test("a tunable uses none of another tunable", () => {
		const file = half("probe", "flux_probe() {", "\tls | sink_probe", "}");
		expect(() => checkSources([file, other], [])).toThrow(
			`${tunable}:4: flux must not use sink_probe of the tunable sink;`,
		);
	});
});

describe("variables of the shell itself", () => {
	test.each([
		"RANDOM=1",
		"\tSTATUS=value UID=0",
		"\t( HOSTNAME=x; )",
		"\twhile read -r KEY SECONDS; do",
		"for REPLY in a b; do",
		"printf x | read -r OPTARG",
	])("%j is refused", (line) => {
		expect(() => checkSources([inLibrary("A=1", line)], [])).toThrow(
			/^host\/lib\/lib[.]sh:2: [A-Z]+ must not be set,/,
		);
	});

	test.each(["IFS=,", "\tIFS=$TAB; read -r KEY", "A=1 IFS=: command"])(
		"%j is refused, as it is not for one read",
		(line) => {
			expect(() => checkSources([inLibrary(line)], [])).toThrow(
				`${library}:1: IFS must be set for one \`read\` only`,
			);
		},
	);

	test("reading them, and longer names, are fine", () => {
		const file = inLibrary(
			'A="$RANDOM $PPID"',
			"MY_UID=1 LOCK_SECONDS=2",
			"while IFS= read -r KEY; do :; done",
			"IFS=',' read -r A B",
		);
		expect(() => checkSources([file], [])).not.toThrow();
	});
});

describe("hooks", () => {
	test.each([
		[
			"a missing line",
			{ path: tunable, text: "flux_probe() {\n\t:\n}\n" },
			"the line `# hooks: NAME...` is missing",
		],
		[
			"an unknown one",
			half("probe presist", ...probe),
			"hook presist is unknown",
		],
		[
			"one that is not defined",
			half("probe write", ...probe),
			"names write, but",
		],
		[
			"one that is not declared",
			half("probe", ...probe, "flux_write() {", "\t:", "}"),
			"flux_write is defined, but",
		],
		[
			"a variable that is not declared",
			half("probe", "flux_may_cut_login=.", ...probe),
			"flux_may_cut_login is defined, but",
		],
	] as const)("%s is refused", (_what, file, message) => {
		expect(() => checkSources([file], [])).toThrow(message);
		expect(() => checkSources([file], [])).toThrow(`${tunable}: `);
	});
});

describe("awk programs", () => {
	const rows = { path: "tunables/flux/rows.awk", text: "{ print }\n" };
	const user = half("probe", ...probe, 'awk "$AWK_lib$AWK_flux_rows"');
	const lib = {
		path: sharedAwk,
		text: "function trim(text) { return text }\n",
	};

	test("the variable has the name of the directory and the file", () => {
		expect(awkVariable("tunables/flux/rows.awk")).toBe("AWK_flux_rows");
		expect(awkVariable("applications/host/x.awk")).toBe("AWK_applications_x");
		expect(awkVariable("host/verbs/x.awk")).toBe("AWK_x");
	});

	test("comments and blank lines are left out", () => {
		const text = "# why\n\n{\n\t# how\n\tprint # x\n}\n";
		expect(awkAssignment({ ...rows, text })).toBe(
			"AWK_flux_rows='\n{\n\tprint # x\n}\n'\n",
		);
	});

	test("a single quote is refused, also in a comment", () => {
		const text = "{ print }\n# the shell's end\n";
		expect(() => awkAssignment({ ...rows, text })).toThrow(
			"tunables/flux/rows.awk:2: an awk program must not contain a single quote",
		);
	});

	test("a name that is no variable is refused", () => {
		const path = "tunables/flux/some-rows.awk";
		expect(() => awkAssignment({ ...rows, path })).toThrow(`${path}: the name`);
	});

	test("one that is not there is refused", () => {
		expect(() => checkSources([user], [lib])).toThrow(
			`${tunable}:6: there is no awk program for $AWK_flux_rows;`,
		);
	});

	test("one that nothing uses is refused", () => {
		const file = half("probe", ...probe);
		expect(() => checkSources([file], [lib, rows])).toThrow(
			"tunables/flux/rows.awk: no shell file uses $AWK_flux_rows;",
		);
	});

	test("a function of lib.awk is not defined again", () => {
		const text = "function trim(x) { return x }\n{ print trim($0) }\n";
		expect(() => checkSources([user], [lib, { ...rows, text }])).toThrow(
			`tunables/flux/rows.awk: the function trim is also one of ${sharedAwk};`,
		);
	});
});
