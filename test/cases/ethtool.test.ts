/** Texts of ethtool, by version and driver, and what the simulated NIC takes. */
import { expect, test } from "@jest/globals";
import type { Setting } from "../../model/settings";
import { caseHost, caseSpecs } from "../support/caseHost";
import type { FakeHost } from "../support/hostRun";

const state = "sys/devices/pci0000:18/0000:18:00.0/net/eth0/ethtool.lab";

function settingsOf(name: string): readonly Setting[] {
	return caseSpecs(name)[0]?.settings ?? [];
}

/** Live facts of a case, `KEY STATUS TEXT`, without the interface's name. */
function live(host: FakeHost, name: string): readonly string[] {
	const { stdout } = host.run("probe", { settings: settingsOf(name) });
	return stdout
		.split("\n")
		.map((line) => line.split("\t"))
		.filter(([kind, , , layer]) => kind === "fact" && layer === "live")
		.map(([, , key = "", , status, text]) =>
			`${key.replace("eth0.", "")} ${status} ${text}`.trim(),
		);
}

function applied(name: string): FakeHost {
	const host = caseHost(name);
	expect(host.run("apply", { settings: settingsOf(name) })).toMatchObject({
		status: 0,
		stderr: "",
	});
	return host;
}

test("rings without headers: the maximum, then what is set", () => {
	const name = "ethtool-rings-no-headers";
	const host = caseHost(name);
	expect(live(host, name)).toEqual([
		"rings.rx value 2048",
		"rings.tx value 4096",
	]);
	const after = live(applied(name), name);
	expect(after).toEqual(["rings.rx value 4096", "rings.tx value max"]);
});

test("channels without headers", () => {
	const host = applied("ethtool-channels-no-headers");
	expect(host.read(`${state}/l`).split("\n").at(-2)).toMatch(/^Combined:\s+4$/);
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	expect(host.read(`${state}/l`).split("\n").at(-2)).toMatch(/^Combined:\s+8$/);
});

test("captures of real NICs", () => {
	const [ice, i40e] = ["ice", "i40e"].map((nic) =>
		["ethtool-real", nic].join("/"),
	) as [string, string];
	expect(live(caseHost(ice), ice)).toEqual([
		"channels.combined value 8",
		"channels.rx value 0",
		"coalescing.adaptiveRx value off",
		"coalescing.adaptiveTx value off",
		"coalescing.rxFrames unsupported the driver of eth0 does not have it",
		"coalescing.rxUsecs value 12",
		"coalescing.txUsecs value 28",
		"flowHash.udp4 value sdfn",
		"rings.rx value max",
		"rings.tx value 8160",
	]);
	expect(live(caseHost(i40e), i40e)).toEqual([
		"privateFlags.MFP value off",
		"privateFlags.disable-source-pruning value on",
		"privateFlags.link-down-on-close value off",
	]);
});

test("offloads as old versions print them, beside a complaint about one", () => {
	const name = "ethtool-old-features";
	expect(live(caseHost(name), name)).toEqual([
		"offloads.gro value on",
		"offloads.gso value off",
		"offloads.tso value on",
		"offloads.udp-large-send-offload unsupported the driver of eth0 does not have it",
	]);
});

test("an answer that ends after one block is not understood, and fails", () => {
	const name = "ethtool-one-block";
	const host = caseHost(name);
	expect(host.run("apply", { settings: settingsOf(name) })).toMatchObject({
		status: 65,
		stderr: expect.stringContaining(
			"unreadable (ethtool printed a line that metaltune does not understand: RX: 8184)",
		),
	});
});

test.each<[string, string, string, string]>([
	["rings", "g", "Ring size of eth0\nReceive: 4096\n", "Ring size of eth0"],
	[
		"a value that is none",
		"g",
		"RX: 8184\nRX: many\nTX: 1\nTX: 1\n",
		"RX: many",
	],
	[
		"no permission",
		"g",
		"netlink error: Operation not permitted\n",
		"netlink error: Operation not permitted",
	],
])("text of another form: %s", (_, file, text, quoted) => {
	const name = "ethtool-rings-no-headers";
	const host = caseHost(name);
	host.write(`${state}/${file}`, text);
	const found = live(host, name)[0];
	expect(found).toContain("rings.rx unreadable ");
	expect(found).toContain(quoted);
});

test("a list of flags with a line of another form says nothing of others", () => {
	const name = "ethtool-real/i40e";
	const host = caseHost(name);
	host.write(
		`${state}/p`,
		"Private flags for eth0:\nMFP : off\nlegacy-rx = off\n",
	);
	expect(live(host, name)).toEqual([
		"privateFlags.MFP value off",
		expect.stringContaining("disable-source-pruning unreadable "),
		expect.stringContaining("does not understand: legacy-rx = off"),
	]);
});

test("the simulated driver takes fixed coalescing where it has no adaptive one", () => {
	const host = applied("ethtool-coalesce-na");
	expect(host.read(`${state}/c`)).toMatch(/^rx-usecs:\s+0$/m);
	expect(host.read(`${state}/c`)).toMatch(/^tx-usecs:\s+0$/m);
});

test("the simulated driver refuses a NIC without queues, and changes nothing", () => {
	const name = "ethtool-no-queue";
	const host = caseHost(name);
	const before = host.read(`${state}/l`);
	expect(host.run("apply", { settings: settingsOf(name) })).toMatchObject({
		status: 65,
		stderr: expect.stringContaining(
			"requested channel counts would result in no RX or TX channel being configured",
		),
	});
	expect(host.read(`${state}/l`)).toBe(before);
});

test("the simulated kernel keeps offline CPUs in the mask of an interrupt", () => {
	const name = "irq-offline-cpus";
	const host = caseHost(name);
	host.remove(".lab/active/irqbalance.service");
	host.write("sys/devices/system/cpu/online", "0-7\n");
	expect(host.run("apply", { settings: settingsOf(name) })).toMatchObject({
		status: 0,
		stderr: "",
	});
	expect(host.read("proc/irq/9/smp_affinity_list")).toBe("4-11\n");
});
