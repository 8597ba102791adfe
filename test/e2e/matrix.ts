/**
 * The scenarios on every release of Debian, or on those named: prints a table of
 * scenario and release. Exit code: 0, or 1 when a scenario failed or did not run.
 * Usage: npm run e2e:all [-- debian-13 ...]
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { releaseNamed, releases } from "../../lab/metal/releases";
import { list } from "../../reports/table";

/** What jest reports of one scenario, a file. */
export interface ScenarioResult {
	readonly name: string;
	readonly status: string;
	readonly assertionResults: readonly { readonly status: string }[];
}

/** The scenarios of a release; empty when jest did not get to report any. */
export interface ReleaseResult {
	readonly release: string;
	readonly scenarios: readonly ScenarioResult[];
}

function verdict(scenario: ScenarioResult | undefined): string {
	if (scenario === undefined) return "did not run";
	const tests = scenario.assertionResults;
	const passed = tests.filter(({ status }) => status === "passed").length;
	return scenario.status === "passed"
		? "passed"
		: `FAILED, ${passed} of ${tests.length} passed`;
}

const scenarioName = (path: string) =>
	relative(__dirname, path).replace(/\.test\.ts$/, "");

/** A line per scenario, a column per release. */
export function matrixOf(results: readonly ReleaseResult[]) {
	const all = results.flatMap(({ scenarios }) => scenarios);
	const names = [...new Set(all.map(({ name }) => scenarioName(name)))];
	const rows = names
		.toSorted()
		.map((name) => [
			name,
			...results.map(({ scenarios }) =>
				verdict(scenarios.find((each) => scenarioName(each.name) === name)),
			),
		]);
	const cells = rows.flatMap((row) => row.slice(1));
	return {
		text: list(["scenario", ...results.map(({ release }) => release)], rows),
		passed: cells.length > 0 && cells.every((cell) => cell === "passed"),
	};
}

function resultsOn(release: string, directory: string): ReleaseResult {
	const report = join(directory, release);
	process.stderr.write(`==> ${release}\n`);
	spawnSync("npm", ["run", "e2e", "--", "--json", "--outputFile", report], {
		cwd: join(__dirname, "../.."),
		env: { ...process.env, METALTUNE_LAB_RELEASE: release },
		// The report of the standard output is that of the file.
		stdio: ["ignore", "ignore", "inherit"],
	});
	const scenarios = existsSync(report)
		? JSON.parse(readFileSync(report, "utf8")).testResults
		: [];
	return { release, scenarios };
}

function main(names: readonly string[]): void {
	const chosen = names.length === 0 ? releases : names.map(releaseNamed);
	const directory = mkdtempSync(join(tmpdir(), "matrix-"));
	try {
		const matrix = matrixOf(
			chosen.map((release) => resultsOn(release, directory)),
		);
		process.stdout.write(`${matrix.text}\n`);
		process.exitCode = matrix.passed ? 0 : 1;
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

if (require.main === module) {
	try {
		main(process.argv.slice(2));
	} catch (error) {
		process.stderr.write(`${(error as Error).message}\n`);
		process.exitCode = 1;
	}
}
