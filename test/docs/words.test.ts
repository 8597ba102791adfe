/**
 * Terms that are retired: one thing has one name in code, messages and docs. The
 * term to use instead stands beside each.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const checkout = join(__dirname, "../..");

const retired: readonly (readonly [term: RegExp, use: string])[] = [
	[/\blight hosts?\b/i, "simulated hosts"],
	[/\bpretend(?:s|ed)?\b/i, "simulated"],
	[/\bvirtual bare[ -]metal\b/i, "test VM"],
	[/\bcannot have it\b/i, "not supported on this host: REASON"],
	[/\bfor ever\b/i, "forever"],
	[/\bwhite space\b/i, "whitespace"],
	[/\bcut short\b/i, "interrupted, or truncated"],
	[/\bmend(?:s|ed|ing)?\b/i, "fix, repair"],
	[/\brebooted in vain\b/i, "the reboot did not apply the settings"],
	[/\bwithWayOut\b|\bimpatientPool\b/, "withRecoveryHint, noRetryPool"],
	[/\brefuseDisorder\b|\brefuseUnbootable\b/, "checkRolloutScope, ..."],
	[/\bmetaltune (?:ready|readiness|review|review-comment|drift-issue)\b/, ""],
	[/\bmetaltune (?:rollback|load-test|program)\b/, "app rollback, ..."],
];

// Recorded output of other programs, and this list.
const exempt =
	/^(?:LICENSE|package-lock\.json|toolchain\/.*\.sum|test\/fixtures\/.*|test\/docs\/words\.test\.ts)$/;

function files(): readonly string[] {
	const listed = execFileSync("git", ["ls-files"], {
		cwd: checkout,
		encoding: "utf8",
	});
	return listed.split("\n").filter((path) => path !== "" && !exempt.test(path));
}

test("no file uses a term that is retired", () => {
	const found = files().flatMap((path) =>
		readFileSync(join(checkout, path), "utf8")
			.split("\n")
			.flatMap((line, index) =>
				retired
					.filter(([term]) => term.test(line))
					.map(([, use]) => `${path}:${index + 1}: use ${use}: ${line.trim()}`),
			),
	);
	expect(found).toEqual([]);
});
