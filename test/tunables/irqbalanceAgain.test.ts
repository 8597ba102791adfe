/**
 * A daemon that ran before metaltune runs again after a revert, and moves interrupts
 * before the read-back: the mask has its old value, and apply succeeds.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { irqAffinity } from "../../tunables/irqAffinity";
import { irqbalance } from "../../tunables/irqbalance";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";

let host: FakeHost;
let path: string;

beforeEach(() => {
	host = installedHost();
	// A write to this interrupt's mask leaves another mask in it.
	path = mkdtempSync(join(tmpdir(), "metaltune-irqbalance-"));
	const script = `#!/bin/sh
PATH=\${PATH#*:}
export PATH
tee "$@" || exit
case $* in
*/irq/41/smp_affinity_list) echo 7 >"$ROOT/proc/irq/41/smp_affinity_list" ;;
esac
`;
	writeFileSync(join(path, "tee"), script, { mode: 0o755 });
});
afterEach(() => {
	rmSync(path, { recursive: true });
});

const queues = settingsFromYaml(irqAffinity, "{eth0: 0-3}");
const off = settingsFromYaml(irqbalance, "off");

test("a revert succeeds, and the mask is the one of irqbalance", () => {
	expect(host.run("apply", { settings: [...off, ...queues] }).status).toBe(0);
	const reverted = host.run("revert", { path });
	expect(reverted).toMatchObject({ status: 0 });
	expect(reverted.stderr).not.toContain("switch it off");
	expect(host.read("proc/irq/41/smp_affinity_list")).toBe("7\n");
});

test("without the daemon it is said that a mask did not come back", () => {
	host.run("apply", { settings: off });
	const baseline = host.read("proc/irq/41/smp_affinity_list");
	expect(baseline).not.toBe("7\n");
	host.run("apply", { settings: [...off, ...queues] });
	const dropped = host.run("apply", { settings: off, path });
	expect(dropped.status).toBe(65);
	expect(dropped.stderr).toMatch(/irqAffinity\.eth0\.queues .*liveDrift/);
});
