/** What cases of boot loaders and kernel command lines ask of a simulated host. */
import { spawnSync } from "node:child_process";
import { expect } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import { lightPath } from "../../lab/light/tree";
import type { Distribution } from "../../lab/light/tree/distributions";
import type { Setting } from "../../model/settings";
import { caseHost, caseSpecs } from "./caseHost";
import type { FakeHost } from "./hostRun";
import { diffTrees } from "./tree";

/** The settings of the only host of a case. */
export function caseSettings(
	name: string,
	tuning?: string,
): readonly Setting[] {
	return caseSpecs(name, tuning)[0]?.settings ?? [];
}

/** A case's host whose menu is made from the case's /etc/default/grub. */
export function hostWithMenu(name: string, distribution?: Distribution) {
	const host = caseHost(name, distribution);
	const run = spawnSync("update-grub", {
		env: { ROOT: host.root, PATH: lightPath },
		encoding: "utf8",
	});
	expect(run.status).toBe(0);
	return host;
}

/** The facts of a layer of kernelCommandLine, by key. */
export function lineFacts(
	host: FakeHost,
	settings: readonly Setting[],
	layer: "live" | "boot" = "boot",
): { readonly [key: string]: string } {
	const { stdout } = host.run("probe", { settings });
	const facts = parseReport(stdout, settings).facts.filter(
		(fact) => fact.tunable === "kernelCommandLine" && fact.layer === layer,
	);
	return Object.fromEntries(
		facts.map(({ key, status, text }) => [
			key,
			status === "value" ? text : `${status}${text === "" ? "" : `: ${text}`}`,
		]),
	);
}

/** apply fails with this reason, and no file of a boot loader changes. */
export function expectUnchanged(
	host: FakeHost,
	settings: readonly Setting[],
	why: string | RegExp,
): void {
	const before = host.snapshot();
	const run = host.run("apply", { settings });
	expect(run.status).toBe(65);
	expect(run.stderr).toMatch(why);
	const changed = diffTrees(before, host.snapshot());
	expect(
		changed.filter((line) => /^(boot|dev|etc\/(default|kernel))/.test(line)),
	).toEqual([]);
}

/** Reverts, and expects the tree from before, but for /run. */
export function expectReverted(
	host: FakeHost,
	before: ReturnType<FakeHost["snapshot"]>,
): void {
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	host.install();
	const changed = diffTrees(before, host.snapshot());
	expect(changed.filter((line) => !line.startsWith("run"))).toEqual([]);
}
