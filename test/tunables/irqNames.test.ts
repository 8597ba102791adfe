/**
 * Which interrupts are a NIC's queues, by the names drivers give them. Every
 * text of /proc/interrupts here is constructed: the names after the drivers'
 * source, the rest of a row is one made-up template. None is captured. Only
 * igb's are met for real, on the lab's virtual machine (test/e2e).
 */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { irqAffinity } from "../../tunables/irqAffinity";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost } from "../support/newHost";

const device = "sys/devices/pci0000:18/0000:18:00.0";

/** A host whose eth0 has these interrupts, from 200 on, on all CPUs. */
function hostWith(names: readonly string[], virtio = false): FakeHost {
	const host = installedHost();
	host.remove(".lab/active/irqbalance.service");
	host.remove(`${device}/msi_irqs`);
	if (virtio) {
		host.remove("sys/class/net/eth0");
		host.write("sys/class/net/eth0/operstate", "up\n");
		host.write(`${device}/virtio2/features`, "");
		symlinkSync(
			"../../../devices/pci0000:18/0000:18:00.0/virtio2",
			join(host.root, "sys/class/net/eth0/device"),
		);
	}
	const rows = names.map((name, i) => {
		host.write(`${device}/msi_irqs/${200 + i}`, "msix\n");
		host.write(`proc/irq/${200 + i}/smp_affinity`, "ffff\n");
		host.write(`proc/irq/${200 + i}/smp_affinity_list`, "0-15\n");
		host.write(`proc/irq/${200 + i}/effective_affinity_list`, "0\n");
		return ` ${200 + i}:   7   9  PCI-MSIX-0000:18:00.0   ${i}-edge      ${name}`;
	});
	host.write(
		"proc/interrupts",
		["           CPU0       CPU1", ...rows, "NMI:  0  0  Non-maskable"].join(
			"\n",
		),
	);
	return host;
}

/** Interrupt names to the CPUs they are on once eth0 is spread over 4-6. */
function spread(
	host: FakeHost,
	names: readonly string[],
): Record<string, string> {
	const settings = settingsFromYaml(irqAffinity, "eth0: 4-6");
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
	return Object.fromEntries(
		names.map((name, i) => [
			name,
			host.read(`proc/irq/${200 + i}/smp_affinity_list`).trim(),
		]),
	);
}

test.each<[string, { readonly [name: string]: string }]>([
	["igb", { eth0: "0-15", "eth0-TxRx-1": "5", "eth0-TxRx-0": "4" }],
	[
		"i40e",
		{
			"i40e-0000:18:00.0:misc": "0-15",
			"i40e-eth0-TxRx-0": "4",
			"i40e-eth0-TxRx-10": "6",
			"i40e-eth0-TxRx-9": "5",
		},
	],
	[
		"e1000e, where both directions of a queue share a CPU",
		{ "eth0-rx-0": "4", "eth0-tx-0": "4", eth0: "0-15" },
	],
	[
		"mlx5",
		{
			"mlx5_async0@pci:0000:18:00.0": "0-15",
			"mlx5_comp0@pci:0000:18:00.0": "4",
			"mlx5_comp1@pci:0000:18:00.0": "5",
			"mlx5_comp2@pci:0000:18:00.0": "6",
			"mlx5_comp3@pci:0000:18:00.0": "4",
		},
	],
	[
		"ena",
		{
			"ena-mgmnt@pci:0000:18:00.0": "0-15",
			"eth0-Tx-Rx-0": "4",
			"eth0-Tx-Rx-1": "5",
		},
	],
	["bnx2x", { "eth0-sp-0": "0-15", "eth0-fp-0": "4", "eth0-fp-1": "5" }],
	["sfc", { "eth0-0": "4", "eth0-1": "5" }],
	["vmxnet3", { "eth0-rxtx-0": "4", "eth0-event-1": "0-15" }],
	["mana", { "mana_hwc@pci:0000:18:00.0": "0-15", "mana_q0@pci:x": "4" }],
	[
		"two ports of one device",
		{ "ice-eth1-TxRx-0": "0-15", "ice-eth0-TxRx-0": "4" },
	],
])("%s", (_, expected) => {
	const names = Object.keys(expected);
	expect(spread(hostWith(names), names)).toEqual(expected);
});

test("virtio, whose interrupts belong to the device above", () => {
	const expected = {
		"virtio2-config": "0-15",
		"virtio2-input.0": "4",
		"virtio2-output.0": "4",
		"virtio2-input.1": "5",
		"virtio2-output.1": "5",
	};
	const names = Object.keys(expected);
	expect(spread(hostWith(names, true), names)).toEqual(expected);
});

test("a NIC without queue interrupts cannot be told", () => {
	const host = hostWith(["eth0"]);
	const settings = settingsFromYaml(irqAffinity, "eth0: 4-6");
	const run = host.run("apply", { settings });
	expect(run.status).toBe(65);
	expect(run.stderr).toContain(
		"unreadable (no interrupt of eth0 is named as a queue",
	);
});
