/**
 * Every stream to a host may end anywhere, since a connection that is lost looks
 * like the end of the input there. Whatever arrives, the host is unchanged, or as
 * it was to be, and never a third thing.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { applications } from "../../applications/applicationSettings";
import { hostProgram } from "../../host/assemble";
import { sentProgram } from "../../host/call";
import { revertVerb, settingsHash, settingsStream } from "../../host/protocol";
import { installProgram, runFromStdin } from "../../host/shell";
import { lightPath } from "../../lab/light/tree";
import type { Setting } from "../../model/settings";
import { sysctl } from "../../tunables/sysctl";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { disposeAfterTest, installedHost } from "../support/newHost";
import { diffTrees, type TreeSnapshot } from "../support/tree";

jest.setTimeout(300_000);

const before = settingsFromYaml(sysctl, "vm.swappiness: 7");
const declared = settingsFromYaml(
	sysctl,
	"{vm.swappiness: 1, net.core.rmem_max: 1048576, vm.stat_interval: 10}",
);
const noSettings: readonly Setting[] = [];

/** A host that has been tuned before. */
function tunedHost(): FakeHost {
	const host = installedHost();
	expect(host.run("apply", { settings: before })).toMatchObject({ status: 0 });
	return host;
}

// As for power cuts: METALTUNE_CUTS=all cuts at every byte.
const isEveryByte = process.env.METALTUNE_CUTS === "all";

/**
 * Where a stream is cut: before everything, at the beginning, inside and at the
 * end of its first, middle and last lines, and near its end at every third byte.
 */
function cutsOf(stream: string): readonly number[] {
	const all = [...stream].keys();
	if (isEveryByte && stream.length < 10_000) return [...all];
	const ends = [...stream.matchAll(/\n/g)].map(({ index }) => index);
	const some = [0, Math.floor(ends.length / 2), ends.length - 2].map(
		(at) => ends[at] ?? 0,
	);
	const around = some.flatMap((at) => [at - 3, at, at + 1, at + 4]);
	const last = [...Array(8).keys()].map((i) => stream.length - 2 - i * 3);
	return [...new Set([0, 1, ...around, ...last])]
		.filter((at) => at >= 0 && at < stream.length)
		.toSorted((a, b) => a - b);
}

/** What is left of a host after a stream that was cut. */
type Outcome = "as before" | "as declared" | readonly string[];

function outcomeOf(
	host: FakeHost,
	was: TreeSnapshot,
	shall: TreeSnapshot,
): Outcome {
	const is = host.snapshot();
	if (diffTrees(was, is).length === 0) return "as before";
	const left = diffTrees(shall, is);
	return left.length === 0 ? "as declared" : left;
}

/** Runs a cut stream on copies of a host; the whole one says what shall be. */
function everyCut(
	start: FakeHost,
	stream: string,
	run: (host: FakeHost, stdin: string) => number | undefined | null,
): void {
	const whole = disposeAfterTest(start.clone());
	expect(run(whole, stream)).toBe(0);
	const was = start.snapshot();
	const shall = whole.snapshot();
	expect(diffTrees(was, shall)).not.toEqual([]);
	for (const at of cutsOf(stream)) {
		const host = start.clone();
		const status = run(host, stream.slice(0, at));
		const outcome = outcomeOf(host, was, shall);
		// Without its line end the last line is whole, and the hash says so.
		const allowed =
			status === 0 ? "as declared" : expect.stringMatching(/^as before$/);
		expect([at, outcome]).toEqual([at, allowed]);
		host.dispose();
	}
}

describe("settings", () => {
	test.each(["apply", "want"])("%s: a list that is cut", (verb) => {
		everyCut(
			tunedHost(),
			settingsStream(declared),
			(host, stdin) => host.run(verb, { stdin }).status,
		);
	});

	test.each([
		["other settings", declared],
		["no settings any more", noSettings],
	])("apply: %s that were announced", (_name, settings) => {
		const host = tunedHost();
		expect(host.run("want", { settings })).toMatchObject({ status: 0 });
		const stream = `# revision 3\nwanted\t${settingsHash(settings)}\n`;
		everyCut(
			host,
			stream,
			(each, stdin) => each.run("apply", { stdin }).status,
		);
	});

	test("probe: a shorter list has no report", () => {
		const host = tunedHost();
		const stream = settingsStream(declared);
		for (const at of cutsOf(stream)) {
			const run = host.run("probe", { stdin: stream.slice(0, at) });
			const isWhole = at === stream.length - 1;
			expect([at, run.status, run.stdout === ""]).toEqual(
				isWhole ? [at, 0, false] : [at, 64, true],
			);
		}
	});

	test("empty input is refused, also with settings of an earlier `want`", () => {
		const host = tunedHost();
		const was = host.snapshot({ writes: true });
		expect(host.run("disown", { stdin: "" }).status).toBe(64);
		for (const stdin of [
			"",
			"\n",
			"# revision 3\n",
			"wanted\t",
			"wanted\t\n",
		]) {
			for (const verb of ["want", "apply", "deploy", "probe"]) {
				expect(host.run(verb, { stdin })).toMatchObject({
					status: 64,
					stdout: "",
				});
			}
		}
		expect(diffTrees(was, host.snapshot({ writes: true }))).toEqual([]);
	});

	test("a person who gives them by hand is told the line that is missing", () => {
		const host = tunedHost();
		const stream = settingsStream(declared);
		const [closing] = /end\t.*/.exec(stream) ?? [];
		const stdin = stream.slice(0, stream.lastIndexOf("end"));
		const { status, stderr } = host.run("apply", { stdin });
		expect([status, stderr]).toEqual([
			64,
			expect.stringContaining(`add this one, with its tabs: ${closing}\n`),
		]);
		const typed = `# by hand\n${stdin}${closing}\n`;
		expect(host.run("apply", { stdin: typed })).toMatchObject({ status: 0 });
	});

	test("a list that lost a line in the middle is not its closing line's", () => {
		const host = tunedHost();
		const lines = settingsStream(declared).split("\n");
		const { status, stderr } = host.run("apply", {
			stdin: lines.toSpliced(1, 1).join("\n"),
		});
		expect([status, stderr]).toEqual([
			64,
			expect.stringMatching(/expected end\t3\t.*, got end\t2\t/),
		]);
	});
});

describe("programs", () => {
	const sh = (host: FakeHost, script: string, input: string) =>
		spawnSync("sh", ["-c", script], {
			env: {
				ROOT: host.root,
				HOME: join(host.root, "root"),
				PATH: lightPath,
			},
			input,
		}).status;

	test("one that is sent does nothing unless all of it has arrived", () => {
		everyCut(tunedHost(), sentProgram(""), (host, stdin) =>
			sh(host, runFromStdin(revertVerb("-"), false), stdin),
		);
	});

	test("one that is sent has all of its input", () => {
		everyCut(
			tunedHost(),
			sentProgram(settingsStream(declared)),
			(host, stdin) => sh(host, runFromStdin("want", false), stdin),
		);
	});

	test("one that is installed takes the place of another whole", () => {
		const host = tunedHost();
		host.write("usr/local/sbin/metaltune", "#!/bin/sh\nexit 1\n");
		const { hash, text } = hostProgram();
		everyCut(host, `${hash}\n${text}`, (each, stdin) =>
			sh(each, installProgram(false, true), stdin),
		);
	});
});

describe("uploads", () => {
	const binary = "#!/bin/sh\n# lab: threads io-0\n# 1\n";
	const sha256 = createHash("sha256").update(binary).digest("hex");
	const settings = settingsFromYaml(
		applications,
		`fx: {binary: fx, sha256: ${sha256}, taskset: 8-11}`,
	);

	test("an artifact that is cut is never deployed", () => {
		const start = tunedHost();
		const all = [...before, ...settings];
		expect(start.run("apply", { settings: all })).toMatchObject({ status: 0 });
		for (const at of [0, 1, 12, binary.length - 1]) {
			const host = disposeAfterTest(start.clone());
			host.write(`root/.metaltune-fx-${sha256}`, binary.slice(0, at));
			const run = host.run("deploy", { settings: all });
			expect([at, run.status]).toEqual([at, 65]);
			const made = [...host.snapshot().keys()].filter((path) =>
				/^opt\/metaltune\/fx\/(artifacts\/.|releases\/.*settings|current)/.test(
					path,
				),
			);
			expect(made).toEqual([]);
		}
	});
});
