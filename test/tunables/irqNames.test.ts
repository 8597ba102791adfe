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
		"cxgb4, whose names are the interface's and a queue's",
		{ "0000:18:00.0-FWeventq": "0-15", "eth0-Rx0": "4", "eth0-Rx1": "5" },
	],
	["be2net and octeon_ep", { "eth0-q1": "5", "eth0-q0": "4" }],
	[
		"ionic",
		{
			"ionic-eth0-L0-admin": "0-15",
			"ionic-eth0-L0-rx0": "4",
			"ionic-eth0-L0-rx1": "5",
		},
	],
	[
		"qede, with the slow path of qed",
		{ "sp-0-18:00.0": "0-15", "eth0-fp-0": "4", "eth0-fp-1": "5" },
	],
	[
		"hns3",
		{
			"hns3-0000:18:00.0-misc": "0-15",
			"hns3-0000:18:00.0-TxRx-0": "4",
			"hns3-0000:18:00.0-TxRx-1": "5",
		},
	],
	[
		"bnxt_en beside bnxt_re",
		{
			"bnxt_re-nq-0@pci:0000:18:00.0": "0-15",
			"bnxt_en-eth0-TxRx-0": "4",
			"bnxt_en-eth0-TxRx-1": "5",
		},
	],
	[
		"nfp",
		{ "nfp-0000:18:00.0-lsc": "0-15", "eth0-rxtx-0": "4", "eth0-rxtx-1": "5" },
	],
	[
		"stmmac",
		{
			"eth0:mac": "0-15",
			"eth0:rx-0": "4",
			"eth0:tx-0": "4",
			"eth0:rx-1": "5",
		},
	],
	[
		"idpf",
		{
			"idpf-0000:18:00.0-Mailbox-0": "0-15",
			"idpf-eth0-TxRx-0": "4",
			"idpf-eth0-TxRx-1": "5",
		},
	],
	[
		"enic",
		{
			"eth0-err": "0-15",
			"eth0-notify": "0-15",
			"eth0-rx-0": "4",
			"eth0-tx-0": "4",
		},
	],
	["a driver with one interrupt", { eth0: "4" }],
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

test("a driver that gives all its queues one name", () => {
	const host = hostWith(["eth0", "eth0", "eth0"]);
	const settings = settingsFromYaml(irqAffinity, "eth0: 4-6");
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	expect(
		[200, 201, 202].map((irq) =>
			host.read(`proc/irq/${irq}/smp_affinity_list`).trim(),
		),
	).toEqual(["4", "5", "6"]);
});

test("the other port of the device is not taken for this one", () => {
	const host = hostWith(["eth1-TxRx-0"]);
	host.write(`${device}/net/eth1/operstate`, "up\n");
	const settings = settingsFromYaml(irqAffinity, "eth0: 4-6");
	expect(host.run("apply", { settings })).toMatchObject({
		status: 65,
		stderr: expect.stringContaining(
			"unreadable (none of the interrupts of eth0 is a queue: eth1-TxRx-0)",
		),
	});
	expect(host.read("proc/irq/200/smp_affinity_list")).toBe("0-15\n");
});

test("a NIC whose interface is down has no interrupt in use", () => {
	const host = hostWith([]);
	const settings = settingsFromYaml(irqAffinity, "eth0: 4-6");
	expect(host.run("apply", { settings })).toMatchObject({
		status: 65,
		stderr: expect.stringContaining(
			"unreadable (no interrupt of eth0 is in use; its interface must be up)",
		),
	});
});

test("a NIC on the VMBus of Hyper-V has no interrupts to place", () => {
	const host = hostWith([]);
	symlinkSync("../../../bus/vmbus", join(host.root, device, "subsystem"));
	const settings = settingsFromYaml(irqAffinity, "eth0: 4-6");
	expect(host.run("probe", { settings }).stdout).toContain(
		"\teth0.queues\tlive\tunsupported\tthe VMBus of Hyper-V interrupts",
	);
});

test.each<[string, string, string]>([
	["arm64", "ITS-PCI-MSIX-0000:18:00.0 1 Edge", "eth0-TxRx-0"],
	["an old kernel", "PCI-MSI-edge", "eth0-TxRx-0"],
	["a line without MSI, shared", "IO-APIC 16-fasteoi", "uhci_hcd:usb1, eth0"],
])("the columns of %s", (_, columns, name) => {
	const host = hostWith([name]);
	host.write(
		"proc/interrupts",
		`           CPU0       CPU1\n 200:   7   9   ${columns}   ${name}\n`,
	);
	expect(spread(host, [name])).toEqual({ [name]: "4" });
});
