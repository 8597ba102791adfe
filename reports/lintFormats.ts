/**
 * The findings of rules in an inventory, for people, programs and pull
 * requests.
 */
import { printable } from "../model/printable";
import type { LintFinding, LintReport } from "../policies/lintReport";
import { type Rule, topics } from "../policies/rule";
import type { Renderers } from "./formats";
import { printableJson } from "./json";
import { bounded, code, row } from "./markdown";
import { list } from "./table";
import { hanging } from "./wrap";

const shownHosts = 3;

/** `fx-1, fx-2 and 7 more`. */
function hostsText(hosts: readonly string[]): string {
	const shown = hosts.slice(0, shownHosts).join(", ");
	const more = hosts.length - shownHosts;
	return more > 0 ? `${shown} and ${more} more` : shown;
}

function place({ file, line, col }: LintFinding): string {
	return `${file}:${line}:${col}`;
}

function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** How many findings refuse the inventory. */
export function refusals({ findings }: LintReport): number {
	return findings.filter(({ severity }) => severity === "mandatory").length;
}

/** `12 hosts, 42 rules: 1 finding, 2 advisories (metaltune 0.1.0)`. */
export function lintSummary(report: LintReport): string {
	const refused = refusals(report);
	const advisories = report.findings.length - refused;
	const told = `${count(refused, "finding")}, ${advisories} ${advisories === 1 ? "advisory" : "advisories"}`;
	return `${count(report.hosts, "host")}, ${count(report.rules, "rule")}: ${told} (${report.maker})`;
}

/**
 * One line per finding, in a form that editors and terminals turn into links.
 */
export function lintText(report: LintReport, columns?: number): string {
	const lines = report.findings.map((finding) => {
		const { rule, severity, path, wrong, right, hosts } = finding;
		const level = severity === "advisory" ? "advisory " : "";
		return hanging(
			printable(
				`${place(finding)}: ${level}${rule}: ${path}: ${wrong}; ${right} (${hostsText(hosts)})`,
			),
			columns,
		);
	});
	return [...lines, lintSummary(report)].join("\n");
}

/** A value in a workflow command of GitHub. */
function escaped(text: string, more: RegExp): string {
	return printable(text)
		.replaceAll("%", "%25")
		.replace(more, (char) => encodeURIComponent(char));
}

/** Annotations of the changed lines, as GitHub's runner reads them. */
export function lintGithub(report: LintReport): string {
	const lines = report.findings.map((finding) => {
		const { file, line, col, rule, severity, path, wrong, right } = finding;
		const level = severity === "advisory" ? "warning" : "error";
		const where = `file=${escaped(file, /[:,]/g)},line=${line},col=${col},title=${escaped(rule, /[:,]/g)}`;
		const message = `${path}: ${wrong}; ${right} (${hostsText(finding.hosts)})`;
		return `::${level} ${where}::${escaped(message, /[\r\n]/g)}`;
	});
	return [...lines, lintSummary(report)].join("\n");
}

const longestTable = 20_000;

/** A section of a pull request's comment. */
export function lintMarkdown(report: LintReport): string {
	const head = [
		row(["place", "hosts", "rule", "finding", "what would be right"]),
		row(["---", "---", "---", "---", "---"]),
	];
	const rows = report.findings.map((finding) =>
		row([
			code(place(finding)),
			code(hostsText(finding.hosts)),
			finding.severity === "advisory"
				? `${code(finding.rule)} (advisory)`
				: code(finding.rule),
			code(`${finding.path}: ${finding.wrong}`),
			code(finding.right),
		]),
	);
	const rest = (left: number) => `\n${left} more did not fit.`;
	const body =
		rows.length === 0 ? [] : [...head, ...bounded(rows, longestTable, rest)];
	return [`**${lintSummary(report)}**`, body.join("\n")]
		.filter((part) => part !== "")
		.join("\n\n");
}

/** Every rule with its demand and its reason, as Markdown. */
export function rulesMarkdown(rules: readonly Rule[]): string {
	const cell = (text: string) => text.replaceAll("|", "\\|");
	return topics
		.map((topic) => {
			const rows = rules
				.filter((rule) => rule.topic === topic)
				.map((rule) => {
					const { name, demand, reason, source, severity } = rule;
					const options = Object.entries(rule.options ?? {}).map(
						([option, { description, default: value }]) =>
							`\`${option}\` (${JSON.stringify(value)}): ${description}.`,
					);
					const notes = [
						...(severity === "advisory" ? ["Advisory."] : []),
						...(rule.needsTopology ? ["Needs `topology`."] : []),
						...(rule.scope === "resource" && rule.remedy !== undefined
							? ["Can be remediated."]
							: []),
						...options,
					];
					return row(
						[
							`\`${name}\``,
							`${demand}. ${notes.join(" ")}`.trim(),
							`${reason} (${source})`,
						].map(cell),
					);
				});
			const head = [
				row(["rule", "what has to hold", "why"]),
				row(["---", "---", "---"]),
			];
			return [`### ${topic}`, "", ...head, ...rows].join("\n");
		})
		.join("\n\n");
}

/** Every rule with its level, as a list. */
export function rulesText(rules: readonly Rule[], columns?: number): string {
	return list(
		["rule", "topic", "level", "what has to hold"],
		rules.map(({ name, topic, severity, demand }) => [
			name,
			topic,
			severity,
			demand,
		]),
		columns,
	);
}

export const lintFormats = {
	text: lintText,
	json: printableJson,
	markdown: lintMarkdown,
	github: lintGithub,
} as const satisfies Renderers<LintReport>;

/** The formats of the rules themselves. */
export const ruleFormats = {
	text: rulesText,
	json: (rules) => printableJson(rules.map(({ judge: _, ...about }) => about)),
	markdown: rulesMarkdown,
} as const satisfies Renderers<readonly Rule[]>;
