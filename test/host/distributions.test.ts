/**
 * A whole host's profile on every distribution, with the shell and the awk that
 * it has: what one of them does otherwise is found here first.
 */
import { describe, expect, test } from "@jest/globals";
import { fullSettings, neededFiles } from "../../bench/fullProfile";
import { programPath } from "../../host/assemble";
import { parseReport } from "../../host/protocol";
import {
	type Distribution,
	distributions,
} from "../../lab/light/tree/distributions";
import { settingId } from "../../model/settings";
import type { FakeHost } from "../support/hostRun";
import { newHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

/** What leaves its configuration files behind. */
const leavesTraces = ["packages.sysstat"];

function preparedHost(distribution: Distribution): FakeHost {
	const host = newHost(distribution);
	for (const [path, text] of Object.entries(neededFiles)) {
		host.write(path, text);
	}
	host.install();
	return host;
}

describe.each(distributions)("%s", (distribution) => {
	const isEl = distribution.startsWith("el-");
	const settings = fullSettings()
		.filter((setting) => !leavesTraces.includes(settingId(setting)))
		.map((setting) => ({
			...setting,
			// The daemon that runs jobs.
			key: isEl ? setting.key.replace(/^cron\./, "crond.") : setting.key,
		}));

	test("the profile takes effect, once, and goes", () => {
		const host = preparedHost(distribution);
		const before = host.snapshot();
		expect(host.run("apply", { settings })).toMatchObject({
			status: 0,
			stderr: "",
		});
		const { findings } = parseReport(
			host.run("probe", { settings }).stdout,
			settings,
		);
		const waiting = findings.filter(({ verdict }) => verdict !== "ok");
		expect(waiting.map(({ setting }) => settingId(setting)).toSorted()).toEqual(
			settings
				// No boot is needed for what is not there already.
				.filter(
					({ effect, match }) => effect === "reboot" && match !== "absent",
				)
				.map(settingId)
				.toSorted(),
		);
		for (const { verdict } of waiting) expect(verdict).toBe("pendingReboot");
		const after = host.snapshot({ writes: true });
		expect(host.run("apply", { settings })).toEqual({
			status: 0,
			stdout: "",
			stderr: "",
		});
		expect(diffTrees(after, host.snapshot({ writes: true }))).toEqual([]);
		// Started before it, TuneD would have the last word at a boot.
		expect(host.read("etc/systemd/system/metaltune.service")).toMatch(
			/^After=.* tuned\.service$/m,
		);
		expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
		host.install();
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	}, 60_000);
});

test.each(["el-9", "el-10"] as const)(
	"%s runs the program with bash and gawk",
	(distribution) => {
		const host = preparedHost(distribution);
		host.write(
			programPath.slice(1),
			'#!/bin/sh\nprintf "%s|" "$BASH_VERSION"\nawk \'BEGIN { print PROCINFO["version"] != "" }\'\n',
		);
		const [bash, gawk] = host.run("probe").stdout.trim().split("|");
		expect(bash).toMatch(/^\d/);
		expect(gawk).toBe("1");
	},
);
