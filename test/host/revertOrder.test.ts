/**
 * A revert writes nothing that the kernel refuses for what a later step repairs:
 * what others need comes back first.
 */
import { expect, test } from "@jest/globals";
import { cpuFrequency } from "../../tunables/cpuFrequency";
import { irqAffinity } from "../../tunables/irqAffinity";
import { smt } from "../../tunables/smt";
import { workqueue } from "../../tunables/workqueue";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

test("CPUs that SMT had switched off are back before interrupts return to them", () => {
	const host = installedHost();
	const siblings = host.read(
		"sys/devices/system/cpu/cpu0/topology/thread_siblings_list",
	);
	expect(siblings).toBe("0,8\n");
	const queues = [...host.snapshot().keys()].filter((path) =>
		/^proc\/irq\/\d+\/smp_affinity_list$/.test(path),
	);
	expect(queues.length).toBeGreaterThan(3);
	for (const path of queues) {
		const irq = path.replace(/[^/]*$/, "");
		host.write(path, "8\n");
		host.write(`${irq}smp_affinity`, "0100\n");
		host.write(`${irq}effective_affinity_list`, "8\n");
	}
	const before = host.snapshot();
	const settings = [
		...settingsFromYaml(smt, "off"),
		...settingsFromYaml(irqAffinity, "{default: '0,2', eth0: 0}"),
		...settingsFromYaml(cpuFrequency, "{governor: performance}"),
		...settingsFromYaml(workqueue, "{cpus: 0-7}"),
	];
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	host.install();
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});
