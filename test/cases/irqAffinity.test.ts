/** Whose interrupts are a NIC's, and where all the others are. */

import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { Setting } from "../../model/settings";
import { caseFile, caseHost, caseSpecs } from "../support/caseHost";
import type { FakeHost } from "../support/hostRun";

const device = "sys/devices/pci0000:18/0000:18:00.0";

function settingsOf(name: string): readonly Setting[] {
	return caseSpecs(name)[0]?.settings ?? [];
}

/** The case's /proc/interrupts, each interrupt in use and on all CPUs. */
function hostOf(name: string, withMsi = true): FakeHost {
	const host = caseHost(name);
	host.remove(".lab/active/irqbalance.service");
	host.remove(`${device}/msi_irqs`);
	const table = readFileSync(caseFile(name, "proc-interrupts"), "utf8");
	host.write("proc/interrupts", table);
	for (const [, irq] of table.matchAll(/^ *(\d+):/gm)) {
		if (withMsi) host.write(`${device}/msi_irqs/${irq}`, "msix\n");
		host.write(`proc/irq/${irq}/smp_affinity`, "ffff\n");
		host.write(`proc/irq/${irq}/smp_affinity_list`, "0-15\n");
		host.write(`proc/irq/${irq}/effective_affinity_list`, "0\n");
	}
	return host;
}

/** The masks of interrupts from 200 on, after apply. */
function placed(name: string, count: number, withMsi = true) {
	const host = hostOf(name, withMsi);
	expect(host.run("apply", { settings: settingsOf(name) })).toMatchObject({
		status: 0,
		stderr: "",
	});
	return Array.from({ length: count }, (_, i) =>
		host.read(`proc/irq/${200 + i}/smp_affinity_list`).trim(),
	).join(" ");
}

test("gve: a transmit queue and its receive queue share a CPU", () => {
	expect(placed("irq-gve-blk-numbers", 6)).toBe("4 5 6 4 5 6");
});

test("gve with the names of its earlier versions", () => {
	expect(placed("irq-gve-legacy-name", 2)).toBe("4 4");
});

test("ENA where msi_irqs is empty", () => {
	expect(placed("irq-ena-no-msi-list", 4, false)).toBe("0-15 4 5 6");
});

test("a device without MSI, on a line that it shares", () => {
	const name = "irq-legacy-line";
	const host = hostOf(name, false);
	host.write(`${device}/irq`, "200\n");
	host.run("apply", { settings: settingsOf(name) });
	expect(host.read("proc/irq/200/smp_affinity_list")).toBe("4\n");
	expect(host.read("proc/irq/201/smp_affinity_list")).toBe("0-15\n");
});

test("an interrupt requested before metaltune ran is moved, and one that cannot is named", () => {
	const name = "irq-requested-before";
	const host = hostOf(name);
	const settings = settingsOf(name);
	host.write("proc/irq/200/effective_affinity_list", "5\n");
	host.write("proc/irq/201/effective_affinity_list", "6\n");
	host.write(".lab/managed-irqs", "201\n");
	expect(host.run("probe", { settings }).stdout).toContain(
		"\tothers\tlive\tvalue\tIRQ 200 (ahci[0000:19:00.0]): 0-15, and 1 more\t",
	);
	const stays = "the kernel refused another mask: IRQ 201 (nvme0q1) on 6";
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stdout: expect.stringContaining(`irqAffinity others: ${stays}\n`),
		stderr: "",
	});
	expect(host.read("proc/irq/200/smp_affinity_list")).toBe("0,2\n");
	expect(host.run("probe", { settings }).stdout).toContain(
		`\tothers\tlive\tvalue\t0,2\t/proc/irq; ${stays}\n`,
	);
	// Nothing else is new: the interrupt that stays is no drift.
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stdout: "",
	});
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	expect(host.read("proc/irq/200/smp_affinity_list")).toBe("0-15\n");
});
