/** `metaltune ready`: whether one machine is what its checklist asks for. */
import type { Command } from "commander";
import { inventoryTargets } from "../../drift/fromInventory";
import { type Observed, observeAlone } from "../../drift/observe";
import type { LocatedHost } from "../../inventory/decodeHost";
import { loadLocated } from "../../inventory/load";
import { suggestion } from "../../inventory/nearest";
import { printable, withoutCommands } from "../../inventory/printable";
import { parseWatched, type Watched } from "../../measurement/watched";
import { printableJson } from "../../reports/json";
import {
	checklistSettings,
	isMeasured,
	type NotWatched,
	type ReadyReport,
	readyExitCode,
	readyReport,
} from "../../reports/ready";
import { readyMarkdown, readyText } from "../../reports/readyText";
import { tunables } from "../../tunables/registry";
import { chosenHosts, targetsOfStack } from "../drift";
import {
	formatOption,
	jsonOption,
	timeoutOption,
	watchOption,
} from "../options";

const formats = {
	table: readyText,
	json: printableJson,
	markdown: readyMarkdown,
} as const satisfies { [name: string]: (report: ReadyReport) => string };

interface Options {
	readonly inventory: string;
	readonly stack?: string;
	readonly format: keyof typeof formats;
	readonly json?: true;
	readonly timeout?: number;
	readonly watch: number;
}

function hostCalled(name: string, directory: string): LocatedHost {
	const hosts = loadLocated(directory, tunables);
	const host = hosts.find(({ spec }) => spec.name === name);
	if (host === undefined) {
		const names = hosts.map(({ spec }) => spec.name);
		throw new Error(
			`expected a host of ${directory}, got ${JSON.stringify(name)}${suggestion(name, names)}`,
		);
	}
	if (Object.keys(host.checklist).length === 0) {
		throw new Error(
			`${name}: expected a checklist, got none; declare \`checklist\` for its group, as hosts/profiles do`,
		);
	}
	return host;
}

function watchedOf({ watched }: Observed): Watched | NotWatched {
	if (watched === undefined) {
		return { verdict: "notApplicable", why: "not measured: --watch 0" };
	}
	return "why" in watched
		? { verdict: "couldNotTell", why: watched.why }
		: parseWatched(watched.answer);
}

async function ready(name: string, options: Options): Promise<void> {
	const { spec, checklist } = hostCalled(name, options.inventory);
	const [target] =
		options.stack === undefined
			? inventoryTargets([spec])
			: chosenHosts(targetsOfStack(options.stack), [name]);
	if (target === undefined) throw new Error(`${name}: cannot be asked`);
	const settings = [...target.settings, ...checklistSettings(checklist)];
	const asked = await observeAlone(
		{ ...target, settings },
		options.timeout,
		isMeasured(checklist) ? options.watch : 0,
	);
	if ("why" in asked) {
		console.error(
			withoutCommands(printable(`metaltune: ${name}: ${asked.why}`)),
		);
		// A host that hangs holds its connection open, and this process with it.
		process.exit(1);
	}
	const report = readyReport(target, checklist, {
		settings: target.settings,
		facts: asked.answer.probe.report.facts,
		watched: watchedOf(asked.answer),
		time: new Date(),
	});
	const text = formats[options.json === true ? "json" : options.format](report);
	await new Promise<void>((resolve) => {
		process.stdout.write(`${text.trimEnd()}\n`, () => resolve());
	});
	process.exit(readyExitCode(report));
}

const description = `Asks one host over one SSH connection, changes nothing, and shows every item of
its checklist with what was read and where. If an item is \`measured\`, it also
watches for some seconds what the host's CPUs do.
\`drift\` says whether all hosts are as declared; \`readiness\`, what the last
\`pulumi up\` proved, without asking. This is the list that people go through
before a machine is used: it is \`checklist\` in the inventory.
Exit code: 0 every item is ok or not applicable; 2 one is not; 1 could not tell.`;

/** Adds the command to `program`. */
export function addReady(program: Command): void {
	program
		.command("ready")
		.summary("go through the checklist of a host, with evidence")
		.description(description)
		.argument("<host>", "as the inventory names it")
		.option("--inventory <directory>", "where it is declared", "hosts")
		.option("--stack <name>", "with the logins and settings of this stack")
		.addOption(formatOption(formats, "table"))
		.addOption(jsonOption())
		.addOption(timeoutOption())
		.addOption(watchOption())
		.addHelpText(
			"after",
			`
Examples:
  $ metaltune ready fx-store-1
  $ metaltune ready fx-store-1 --watch 60
  $ metaltune ready fx-store-1 --format markdown >ready.md
  $ metaltune ready fx-store-1 --json | jq '.items[] | select(.verdict == "notOk")'`,
		)
		.action(ready);
}
