/**
 * `npm run bench:rivals`: metaltune, Ansible and pyinfra, one after another in
 * one run, each on an untouched fleet.
 */
import Table from "cli-table3";
import { Command } from "commander";
import { wholeNumber } from "../../cli/options";
import { withFleet } from "../benchFleet";
import { machine } from "../benchMachine";
import { fleetStack } from "../stack";
import { installRivals, rivalsOn } from "./tools";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
}

interface Figures {
	readonly tool: string;
	readonly converge_s: number;
	readonly check_s: number;
}

function ours(hosts: number): Promise<Figures> {
	return withFleet(hosts, async (directory, fleet) => {
		const env = { ...process.env, SSH_AUTH_SOCK: fleet.lab.agentSocket };
		const run = { directory, env, signal: stop.signal };
		const stack = await fleetStack(run, fleet.inventory);
		const converge = await stack.pulumi("up", "--yes", "--skip-preview");
		const check = await stack.pulumi(
			"refresh",
			"--preview-only",
			"--expect-no-changes",
		);
		return {
			tool: "metaltune",
			converge_s: converge.cost.wall_s,
			check_s: check.cost.wall_s,
		};
	});
}

function theirs(hosts: number, index: number): Promise<Figures> {
	return withFleet(hosts, async (directory, fleet) => {
		const rival = rivalsOn({ directory, fleet, signal: stop.signal })[index];
		if (rival === undefined) throw new Error(`no rival ${index}`);
		const converge = await rival.converge();
		const check = await rival.check();
		return {
			tool: rival.name,
			converge_s: converge.cost.wall_s,
			check_s: check.cost.wall_s,
		};
	});
}

function asText(figures: readonly Figures[]): string {
	const table = new Table({
		head: [
			"",
			"converge s",
			"times metaltune",
			"drift check s",
			"times metaltune",
		],
		style: { head: [], border: [] },
	});
	const [us] = figures;
	for (const { tool, converge_s, check_s } of figures) {
		table.push([
			tool,
			converge_s.toFixed(1),
			(converge_s / (us?.converge_s ?? 1)).toFixed(1),
			check_s.toFixed(1),
			(check_s / (us?.check_s ?? 1)).toFixed(1),
		]);
	}
	return table.toString();
}

new Command("bench:rivals")
	.description(
		"Measures a first converge and a drift check of the same simulated hosts by metaltune, Ansible and pyinfra. The rivals copy ten files; metaltune applies 60 settings.",
	)
	.option("--hosts <number>", "how many hosts", wholeNumber, 10)
	.option("--json", "figures as JSON on standard output")
	.action(async ({ hosts, json }: { hosts: number; json?: true }) => {
		await installRivals();
		const { load_before } = machine();
		const figures: Figures[] = [];
		for (const measured of [
			() => ours(hosts),
			() => theirs(hosts, 0),
			() => theirs(hosts, 1),
		]) {
			figures.push(await measured());
			console.error(`bench: ${JSON.stringify(figures.at(-1))}`);
		}
		console.log(
			json === true
				? JSON.stringify({ hosts, load_before, figures }, undefined, 2)
				: `${hosts} hosts, load ${load_before} before\n${asText(figures)}`,
		);
	})
	.parseAsync()
	.catch((error: Error) => {
		console.error(`bench: ${error.message}`);
		process.exitCode = 1;
	});
