/**
 * NIC settings are set again when a NIC appears or its interface comes up: what the host
 * program installs for that, and that it is there only when it is needed.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { lightPath } from "../../lab/light/tree";
import type { Setting } from "../../model/settings";
import { ethtool } from "../../tunables/ethtool";
import { irqAffinity } from "../../tunables/irqAffinity";
import { memory } from "../../tunables/memory";
import { receiveScaling } from "../../tunables/receiveScaling";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { newHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

const rule = "etc/udev/rules.d/99-metaltune.rules";
const ifup = "etc/network/if-up.d/metaltune";
const manager = "etc/NetworkManager/dispatcher.d/90-metaltune";
const ofNic = settingsFromYaml(ethtool, "eth0: {rings: {rx: 1024}}");
const others = settingsFromYaml(memory, "ksm: off");

/** A host set up by ifupdown and NetworkManager, not by networkd. */
function ifupdownHost(): FakeHost {
	const host = newHost();
	host.write("etc/network/if-up.d/other", "#!/bin/sh\n");
	host.write(manager, "another program's\n");
	return host;
}

/** What every line of the rule asks of an interface. */
function rules(host: FakeHost): readonly string[] {
	return host
		.read(rule)
		.split("\n")
		.flatMap((line) => {
			const match =
				/^ACTION=="add\|move", SUBSYSTEM=="net", (.*), RUN\+="\/bin\/systemctl --no-block restart metaltune\.service"$/.exec(
					line,
				);
			return match?.[1] === undefined ? [] : [match[1]];
		});
}

function apply(host: FakeHost, settings: readonly Setting[]): void {
	host.install();
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
}

test("hooks come and go with the settings of NICs, byte for byte", () => {
	const host = ifupdownHost();
	const before = host.snapshot();
	apply(host, others);
	expect([...host.snapshot().keys()]).not.toContain(rule);
	apply(host, [...others, ...ofNic]);
	const snapshot = host.snapshot();
	expect(rules(host)).toEqual(['KERNEL=="eth0"']);
	for (const hook of [ifup, manager]) {
		expect(snapshot.get(hook)).toMatchObject({
			mode: "0755",
			content: expect.stringContaining("restart metaltune.service"),
		});
	}
	expect([...snapshot.keys()]).not.toContain("etc/networkd-dispatcher");
	apply(host, others);
	expect(host.read(manager)).toBe("another program's\n");
	expect([...host.snapshot().keys()]).not.toContain(rule);
	expect(host.run("revert").status).toBe(0);
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("the rule names the NICs of the settings, and virtual ones only so", () => {
	const host = ifupdownHost();
	host.install();
	const several = [
		...settingsFromYaml(ethtool, "eth0.100: {offloads: {gro: off}}"),
		...settingsFromYaml(irqAffinity, "eth0: 0-3"),
		...settingsFromYaml(receiveScaling, "bond0: {rps: 0-3}"),
	];
	host.run("apply", { settings: several });
	expect(rules(host)).toEqual(['KERNEL=="bond0|eth0|eth0.100"']);
	const single = settingsFromYaml(irqAffinity, "irqs: {eth1-TxRx-0: 3}");
	host.run("apply", { settings: [...ofNic, ...single] });
	expect(rules(host)).toEqual([
		'KERNEL=="eth0"',
		'KERNEL!="eth0", DEVPATH!="/devices/virtual/*"',
	]);
	host.run("apply", { settings: single });
	expect(rules(host)).toEqual(['DEVPATH!="/devices/virtual/*"']);
	host.run("apply", {
		settings: settingsFromYaml(irqAffinity, "default: 0-3"),
	});
	expect([...host.snapshot().keys()]).not.toContain(rule);
});

test.each([
	["removed", (host: FakeHost) => host.remove(rule)],
	["edited", (host: FakeHost) => host.write(ifup, "exit 0\n")],
	[
		"made unusable",
		(host: FakeHost) => chmodSync(join(host.root, ifup), 0o644),
	],
])("a hook that was %s comes back", (_, change) => {
	const host = ifupdownHost();
	apply(host, ofNic);
	const right = host.snapshot();
	change(host);
	apply(host, ofNic);
	expect(diffTrees(right, host.snapshot())).toEqual([]);
});

const restart = "--no-block restart metaltune.service\n";

/** What systemctl is asked for by a hook that is called so. */
function called(
	host: FakeHost,
	hook: string,
	args: readonly string[],
	environment: NodeJS.ProcessEnv = {},
): string {
	host.write("bin/systemctl", '#!/bin/sh\nprintf "%s\\n" "$*"\n');
	const run = spawnSync(join(host.root, hook), args, {
		env: {
			...environment,
			ROOT: host.root,
			PATH: `${join(host.root, "bin")}:${lightPath}`,
		},
		encoding: "utf8",
	});
	expect(run).toMatchObject({ status: 0, stderr: "" });
	return run.stdout;
}

test("a hook restarts the service for the settings' NICs only", () => {
	const host = ifupdownHost();
	apply(host, ofNic);
	expect(called(host, manager, ["eth0", "up"])).toBe(restart);
	expect(called(host, manager, ["eth0", "down"])).toBe("");
	expect(called(host, manager, ["eth1", "up"])).toBe("");
	expect(called(host, manager, ["veth1a2b3c4", "up"])).toBe("");
	expect(called(host, ifup, [], { IFACE: "eth0" })).toBe(restart);
	expect(called(host, ifup, [], { IFACE: "--all" })).toBe("");
	expect(called(host, ifup, [])).toBe("");
});

/** Makes an interface that stands on others, as the kernel shows it. */
function standsOn(host: FakeHost, upper: string, ...lowers: readonly string[]) {
	host.write(`sys/class/net/${upper}/operstate`, "up\n");
	for (const lower of lowers) {
		symlinkSync(
			`../${lower}`,
			join(host.root, `sys/class/net/${upper}/lower_${lower}`),
		);
	}
}

/** Bonds and VLANs on eth0 and eth1, and a bridge of containers. */
function stack(host: FakeHost): void {
	standsOn(host, "bond0", "eth1", "eth0");
	standsOn(host, "bond0.100", "bond0");
	standsOn(host, "bond1", "eth1");
	standsOn(host, "veth1a2b3c4");
	standsOn(host, "docker0", "veth1a2b3c4");
	host.write("etc/networkd-dispatcher/routable.d/other", "#!/bin/sh\n");
}

const networkd = "etc/networkd-dispatcher/routable.d/90-metaltune";

test("a hook restarts it for a bond or a VLAN on such a NIC: networkd reports no other event", () => {
	const host = ifupdownHost();
	stack(host);
	apply(host, ofNic);
	expect(called(host, networkd, [], { IFACE: "bond0" })).toBe(restart);
	expect(called(host, networkd, [], { IFACE: "bond0.100" })).toBe(restart);
	for (const IFACE of ["bond1", "docker0", "veth1a2b3c4", "lo", ""]) {
		expect(called(host, networkd, [], { IFACE })).toBe("");
	}
});

test("where single interrupts are set, for every NIC but virtual ones", () => {
	const host = ifupdownHost();
	host.write("sys/class/net/eth7/device/vendor", "0x8086\n");
	stack(host);
	standsOn(host, "eth7.100", "eth7");
	host.install();
	host.run("apply", {
		settings: settingsFromYaml(irqAffinity, "irqs: {eth7-TxRx-0: 3}"),
	});
	expect(called(host, ifup, [], { IFACE: "eth7" })).toBe(restart);
	expect(called(host, networkd, [], { IFACE: "eth7.100" })).toBe(restart);
	for (const IFACE of ["docker0", "veth1a2b3c4", "lo", ""]) {
		expect(called(host, networkd, [], { IFACE })).toBe("");
	}
});
