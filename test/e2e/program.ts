/** The host program on the test VM, run by its verbs without Pulumi. */
import { spawnSync } from "node:child_process";
import { hostProgram, programPath } from "../../host/assemble";
import {
	encodeContents,
	parseReport,
	settingsStream,
} from "../../host/protocol";
import type { MetalMachine } from "../../lab/metal/metalMachine";
import { contentsOf, type Setting } from "../../model/settings";
import type { Verdict } from "../../model/verdict";

export interface Run {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface HostProgram {
	/** Runs a verb as root, with these settings on its standard input. */
	run(verb: string, settings?: readonly Setting[]): Run;
	/** Key to verdict, as a probe finds them now. */
	verdicts(settings: readonly Setting[]): { readonly [key: string]: Verdict };
}

/** Installs the program on a machine. */
export function installProgram(machine: MetalMachine): HostProgram {
	const ssh = (command: string, input: string): Run => {
		const args = ["-F", machine.sshConfig, machine.name, command];
		const { status, stdout, stderr } = spawnSync("ssh", args, {
			input,
			encoding: "utf8",
		});
		return { status, stdout, stderr };
	};
	const put = `cat >${programPath} && chmod 0755 ${programPath}`;
	expect(ssh(put, hostProgram("tuning").text)).toMatchObject({ status: 0 });
	const run: HostProgram["run"] = (verb, settings = []) =>
		ssh(
			`metaltune ${verb}`,
			encodeContents(contentsOf(settings)) + settingsStream(settings),
		);
	return {
		run,
		verdicts: (settings) => {
			const { stdout } = run("probe", settings);
			return Object.fromEntries(
				parseReport(stdout, settings).findings.map(({ setting, verdict }) => [
					setting.key,
					verdict,
				]),
			);
		},
	};
}
