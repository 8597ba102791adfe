/**
 * The drift of a fleet as JUnit XML, which CI systems show as tests. It has a
 * suite per host, and a test case per deviating key.
 */
import { XMLBuilder } from "fast-xml-parser";
import { printable } from "../model/printable";
import {
	type DriftReport,
	judgedText,
	proofText,
} from "../observe/drift/driftReport";
import {
	answerText,
	type Deviation,
	type HostDrift,
} from "../observe/drift/judge";

type Outcome = "passed" | "failure" | "error" | "skipped";

interface Case {
	readonly name: string;
	readonly outcome: Outcome;
	readonly type: string;
	readonly message: string;
	readonly detail: string;
}

function deviationCase(deviation: Deviation): Case {
	const { key, declared, live, boot, verdict, accepted } = deviation;
	const layers = [
		`declared: ${declared}`,
		`live: ${answerText(live)}${live === undefined ? "" : ` (${live.source})`}`,
		`after boot: ${answerText(boot)}${boot === undefined ? "" : ` (${boot.source})`}`,
	];
	return {
		name: key,
		outcome: accepted
			? "skipped"
			: verdict === "unreadable"
				? "error"
				: "failure",
		type: verdict,
		message: `${verdict}: expected ${declared}, got ${answerText(live)}, after boot ${answerText(boot)}`,
		detail: layers.map(printable).join("\n"),
	};
}

/** A suite without a case would look as if nothing had been checked. */
function casesOf(host: HostDrift): readonly Case[] {
	const { why, settings, deviations } = host;
	const whole = { type: "unreachable", detail: "" };
	if (why !== undefined) {
		return [{ ...whole, name: "reachable", outcome: "error", message: why }];
	}
	const right = settings - deviations.filter(isSetting).length;
	return [
		{
			...whole,
			name: `${right} of ${settings} settings are as declared`,
			outcome: "passed",
			message: "",
		},
		...deviations.map(deviationCase),
	];
}

function isSetting({ key }: Deviation): boolean {
	return key !== "metaltune.program";
}

function caseElement(host: HostDrift, each: Case) {
	const { name, outcome, type, message, detail } = each;
	const said = {
		"@message": printable(message),
		...(outcome === "skipped" ? {} : { "@type": type }),
		...(detail === "" ? {} : { "#text": detail }),
	};
	return {
		"@name": printable(name),
		"@classname": `drift.${printable(host.name)}`,
		"@time": "0",
		...(outcome === "passed" ? {} : { [outcome]: said }),
	};
}

function counted(cases: readonly Case[]) {
	const of = (outcome: Outcome) =>
		cases.filter((each) => each.outcome === outcome).length;
	return {
		"@tests": cases.length,
		"@failures": of("failure"),
		"@errors": of("error"),
		"@skipped": of("skipped"),
		"@time": "0",
	};
}

function suiteElement(host: HostDrift, { time, maker }: DriftReport) {
	const cases = casesOf(host);
	const notes = [...host.notes, proofText(host)].filter((note) => note !== "");
	return {
		"@name": printable(host.name),
		// Without the zone, as the JUnit schema requires.
		"@timestamp": time.slice(0, 19),
		"@hostname": printable(host.login),
		...counted(cases),
		properties: { property: { "@name": "maker", "@value": maker } },
		testcase: cases.map((each) => caseElement(host, each)),
		...(notes.length === 0
			? {}
			: { "system-out": notes.map(printable).join("\n") }),
	};
}

/** The report as an XML document. */
export function driftJunit(report: DriftReport): string {
	const builder = new XMLBuilder({
		ignoreAttributes: false,
		attributeNamePrefix: "@",
		suppressEmptyNode: true,
		suppressBooleanAttributes: false,
		format: true,
	});
	return builder.build({
		"?xml": { "@version": "1.0", "@encoding": "UTF-8" },
		testsuites: {
			"@name": `drift against ${printable(judgedText(report.judged))}`,
			...counted(report.hosts.flatMap(casesOf)),
			testsuite: report.hosts.map((host) => suiteElement(host, report)),
		},
	});
}
