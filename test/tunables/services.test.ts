import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { files } from "../../tunables/files";
import { services } from "../../tunables/services";
import { type FakeHost, powerCut } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost, newHost } from "../support/newHost";
import { diffTrees } from "../support/tree";
import { describeTunable } from "../support/tunableContract";

const link = "etc/systemd/system/multi-user.target.wants/irqbalance.service";
const target = "../../../../usr/lib/systemd/system/irqbalance.service";
const mask = "etc/systemd/system/irqbalance.service";
const cronLink = "etc/systemd/system/multi-user.target.wants/cron.service";
const cronActive = ".lab/active/cron.service";
const active = ".lab/active/irqbalance.service";

describeTunable(services, [
	{
		name: "a daemon that neither runs nor starts",
		yaml: "irqbalance: {state: stopped, enabled: no}",
		after: { [link]: undefined },
		drifts: [
			{
				name: "a daemon that was started by hand",
				change: { [active]: "" },
				finds: { "services.irqbalance.state": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "irqbalance: {state: stopped}",
			restores: { [link]: target },
		},
	},
	{
		name: "a masked daemon",
		yaml: "{irqbalance: {state: stopped, enabled: masked}, cron: {enabled: no}}",
		after: { [mask]: "/dev/null", [link]: target },
		drifts: [
			{
				name: "a mask that is gone",
				change: { [mask]: undefined },
				finds: { "services.irqbalance.enablement": "bootDrift" },
			},
		],
	},
	{
		name: "a daemon that must run",
		yaml: "cron.service: {state: running, enabled: yes}",
		before: { [cronActive]: undefined, [cronLink]: undefined },
		after: { [cronLink]: "../../../../usr/lib/systemd/system/cron.service" },
		drifts: [
			{
				name: "a daemon that the next boot would not start",
				change: { [cronLink]: undefined },
				finds: { "services.cron.service.enablement": "bootDrift" },
			},
		],
	},
	{
		name: "a unit that does not exist is stopped and disabled",
		yaml: "nosuch: {state: stopped, enabled: no}",
		after: {},
	},
	{
		name: "a unit that does not exist cannot run",
		yaml: "nosuch: {state: running}",
		after: {},
		verdicts: { "services.nosuch.state": "liveDrift" },
		fails:
			/Unit nosuch.service not found[\s\S]*nosuch\.state +running +stopped/,
	},
]);

test("a unit that was masked is masked again after revert", () => {
	const host = newHost();
	host.remove(active);
	symlinkSync("/dev/null", join(host.root, mask));
	const before = host.snapshot();
	host.install();
	const settings = settingsFromYaml(services, "irqbalance: {enabled: yes}");
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	expect(host.snapshot().has(mask)).toBe(false);
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

describe("restartOn", () => {
	let host: FakeHost;

	const settings = (level: number) => [
		...settingsFromYaml(
			files,
			`{/etc/fx.conf: {content: level ${level}}, /etc/b: {content: b}}`,
		),
		...settingsFromYaml(
			services,
			"{irqbalance: {restartOn: [/etc/fx.conf]}, cron: {restartOn: [/etc/c]}}",
		),
	];

	const restarts = (): string => {
		try {
			return host.read(".lab/restarts");
		} catch {
			return "";
		}
	};

	test("a unit is restarted when its file changes, and only then", () => {
		host = installedHost();
		expect(host.run("apply", { settings: settings(1) })).toMatchObject({
			status: 0,
			stderr: "",
		});
		expect(restarts()).toBe("irqbalance.service\n");
		host.write("etc/b", "drifted");
		expect(host.run("apply", { settings: settings(1) }).status).toBe(0);
		expect(restarts()).toBe("irqbalance.service\n");
		expect(host.run("apply", { settings: settings(2) }).status).toBe(0);
		expect(restarts()).toBe("irqbalance.service\nirqbalance.service\n");
	});

	test("a power cut between the file and the restart loses no restart", () => {
		const power = powerCut();
		let steps = 0;
		for (let step = 1; steps === 0 || step <= steps; step++) {
			host = installedHost();
			host.run("apply", { settings: settings(1) });
			if (steps === 0) {
				power.never();
				host.run("apply", { settings: settings(2), path: power.path });
				steps = power.steps();
				expect(steps).toBeGreaterThan(0);
				step = 0;
			} else {
				power.at(step);
				host.run("apply", { settings: settings(2), path: power.path });
				host.run("apply", { settings: settings(2) });
				expect(host.read("etc/fx.conf")).toBe("level 2");
				expect(restarts().split("\n").length).toBeGreaterThan(2);
			}
			host.dispose();
		}
		power.dispose();
	}, 120_000);
});
