/**
 * Terms that are retired: one thing has one name in code, messages and docs. The
 * term to use instead stands beside each.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const checkout = join(__dirname, "../..");

interface Retired {
	/** Matches identifiers too, where a word boundary or camel case shows them. */
	readonly term: RegExp;
	readonly use: string;
	/** Files in which the term means something else, or is a name on hosts. */
	readonly except?: RegExp;
}

const retired: readonly Retired[] = [
	{ term: /light[ -]?hosts?\b|LightLab/i, use: "simulated hosts" },
	{ term: /\bpretend(?:s|ed)?\b/i, use: "simulated" },
	{ term: /\bvirtual bare[ -]metal\b/i, use: "test VM" },
	{ term: /\brooms\b/i, use: "source layout" },
	{ term: /\bcannot have it\b/i, use: "not supported on this host: REASON" },
	{
		term: /\btrials?(?![a-z])|Trials?(?![a-z])|_trial|trial[A-Z]/i,
		use: "provisional",
	},
	{
		term: /\b(?:dis)?(?:armed|arm(?:s|ing))(?![a-z])|_(?:dis)?arm(?:ed)?(?![a-z])/i,
		use: "provisional",
	},
	{ term: /\bweigh(?:s|ed|ing)?\b/i, use: "measure, compare" },
	{
		term: /\b(?:NIC|bond|bridge|VLAN)s?\b[^.;:]{0,40}\b(?:is|are) opened\b/,
		use: "an interface that comes up",
	},
	{ term: /\bg[ia]ve(?:n|s)? back\b|\bback as it was\b/i, use: "reverted" },
	{ term: /\bcould not tell\b/i, use: "undetermined" },
	{
		term: /readiness|Ready(?:Report|Verdict|Item)/i,
		use: "checklist, status",
		// Says how the output was named before.
		except: /^CHANGELOG\.md$/,
	},
	{
		term: /\bmetaltune (?:ready|review|review-comment|drift-issue)\b/,
		use: "checklist, ci comment, ci issue",
	},
	{
		term: /\bmetaltune (?:rollback|load-test|program)\b/,
		use: "app rollback, app load-test, host-program",
	},
	{
		term: /withWayOut|wayOut|\btwins?\b/i,
		use: "withRecoveryHint, duplicates",
	},
	{ term: /\bfollowers\b/i, use: "dependents" },
	{ term: /impatientPool/i, use: "noRetryPool" },
	{
		term: /refuseDisorder|refuseUnbootable/,
		use: "checkRolloutScope, checkRebootPolicy",
	},
	{
		term: /\bmake_?so\b|\bspeaks_of\b|_is_others\b/i,
		use: "apply_settings, NAME_owned_elsewhere",
	},
	{ term: /\bin vain\b/i, use: "the reboot did not apply the settings" },
	{ term: /\bmend(?:s|ed|ing)?\b/i, use: "fix, repair" },
	{ term: /\bwhite space\b/i, use: "whitespace" },
	{ term: /\bfor ever\b/i, use: "forever" },
	{ term: /\bcuts? (?:\w+ )?short\b/i, use: "interrupted, or truncated" },
	{
		term: /\b(?:whoever|someone|(?:some|any|every)body)\b/i,
		use: "the process, file or person by its name",
	},
	// An account's name in the data of some tests.
	{ term: /\bnobody\b(?!:|')/i, use: "no process, no login, no host" },
];

// Recorded output and input of other programs, and this list.
const exempt =
	/^(?:LICENSE|package-lock\.json|toolchain\/.*\.sum|test\/fixtures\/.*|test\/cases\/[^/]+\/input\/.*|test\/docs\/words\.test\.ts)$/;

function files(): readonly string[] {
	const listed = execFileSync("git", ["ls-files"], {
		cwd: checkout,
		encoding: "utf8",
	});
	return listed.split("\n").filter((path) => path !== "" && !exempt.test(path));
}

test("no file uses a term that is retired", () => {
	const found = files().flatMap((path) => {
		const terms = retired.filter(({ except }) => !except?.test(path));
		return readFileSync(join(checkout, path), "utf8")
			.split("\n")
			.flatMap((line, index) =>
				terms
					.filter(({ term }) => term.test(line))
					.map(({ use }) => `${path}:${index + 1}: use ${use}: ${line.trim()}`),
			);
	});
	expect(found).toEqual([]);
});
