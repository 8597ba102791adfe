/**
 * NIC settings are set again when a NIC appears or is opened: what the host
 * program installs for that, and that it is there only when it is needed.
 */
import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import type { Setting } from "../../inventory/settings";
import { lightPath } from "../../lab/light/tree";
import { ethtool } from "../../tunables/ethtool";
import { memory } from "../../tunables/memory";
import { type FakeHost, fakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { diffTrees } from "../support/tree";

const hosts: FakeHost[] = [];
afterEach(() => {
	for (const host of hosts.splice(0)) host.dispose();
});

const rule = "etc/udev/rules.d/99-metaltune.rules";
const ifup = "etc/network/if-up.d/metaltune";
const manager = "etc/NetworkManager/dispatcher.d/90-metaltune";
const ofNic = settingsFromYaml(ethtool, "eth0: {rings: {rx: 1024}}");
const others = settingsFromYaml(memory, "ksm: off");

/** A host set up by ifupdown and NetworkManager, not by networkd. */
function newHost(): FakeHost {
	const host = fakeHost();
	hosts.push(host);
	host.write("etc/network/if-up.d/other", "#!/bin/sh\n");
	host.write(manager, "somebody else's\n");
	return host;
}

function apply(host: FakeHost, settings: readonly Setting[]): void {
	host.install();
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
}

test("hooks come and go with the settings of NICs, byte for byte", () => {
	const host = newHost();
	const before = host.snapshot();
	apply(host, others);
	expect([...host.snapshot().keys()]).not.toContain(rule);
	apply(host, [...others, ...ofNic]);
	const snapshot = host.snapshot();
	expect(snapshot.get(rule)?.content).toMatch(/^ACTION=="add\|move"/m);
	for (const hook of [ifup, manager]) {
		expect(snapshot.get(hook)).toMatchObject({
			mode: "0755",
			content: expect.stringContaining("restart metaltune.service"),
		});
	}
	expect([...snapshot.keys()]).not.toContain("etc/networkd-dispatcher");
	apply(host, others);
	expect(host.read(manager)).toBe("somebody else's\n");
	expect([...host.snapshot().keys()]).not.toContain(rule);
	expect(host.run("revert").status).toBe(0);
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test.each([
	["removed", (host: FakeHost) => host.remove(rule)],
	["edited", (host: FakeHost) => host.write(ifup, "exit 0\n")],
	[
		"made unusable",
		(host: FakeHost) => chmodSync(join(host.root, ifup), 0o644),
	],
])("a hook that was %s comes back", (_, change) => {
	const host = newHost();
	apply(host, ofNic);
	const right = host.snapshot();
	change(host);
	apply(host, ofNic);
	expect(diffTrees(right, host.snapshot())).toEqual([]);
});

test.each([
	["up", "--no-block restart metaltune.service\n"],
	["down", ""],
])("NetworkManager's %s restarts what it should", (action, restarted) => {
	const host = newHost();
	apply(host, ofNic);
	host.write("bin/systemctl", '#!/bin/sh\nprintf "%s\\n" "$*"\n');
	chmodSync(join(host.root, "bin/systemctl"), 0o755);
	const run = spawnSync(join(host.root, manager), ["eth0", action], {
		env: { PATH: `${join(host.root, "bin")}:${lightPath}` },
		encoding: "utf8",
	});
	expect(run).toMatchObject({ status: 0, stdout: restarted });
});
