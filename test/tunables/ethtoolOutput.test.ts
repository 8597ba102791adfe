/** What the host program makes of ethtool's output, by driver and version. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import type { Setting } from "../../model/settings";
import { fakeHost } from "../support/hostRun";

const fixtures = join(__dirname, "../fixtures/ethtool");
const state = "sys/devices/pci0000:18/0000:18:00.0/net/eth0/ethtool.lab";

const wanted = {
	"channels.rx": "1",
	"channels.combined": "4",
	"channels.other": "1",
	"rings.rx": "4096",
	"rings.tx": "0",
	"coalescing.adaptiveRx": "off",
	"coalescing.adaptiveTx": "off",
	"coalescing.rxUsecs": "0",
	"coalescing.rxFrames": "8",
	"coalescing.txUsecs": "0",
	"offloads.gro": "on",
	"offloads.tso": "on",
	"offloads.lro": "off",
	"offloads.ntuple": "on",
	"offloads.rx-all": "on",
	"flowHash.udp4": "sdfn",
	"privateFlags.legacy-rx": "on",
	"privateFlags.rx_cqe_moder": "off",
} as const;

const settings = Object.entries(wanted).map(
	([key, value]): Setting => ({
		tunable: "ethtool",
		key: `eth0.${key}`,
		match: "exact",
		value,
		effect: "live",
	}),
);

/** Live facts in the order of `wanted`; what is unsupported as `-`. */
function live(fixture: string): string {
	const host = fakeHost();
	try {
		host.install();
		for (const option of ["l", "g", "c", "k", "n.udp4", "p"]) {
			const text = readFileSync(join(fixtures, fixture, option), "utf8");
			host.write(`${state}/${option}`, text);
		}
		const run = host.run("probe", { settings });
		expect(run).toMatchObject({ status: 0, stderr: "" });
		const facts = parseReport(run.stdout, settings).facts.filter(
			({ layer }) => layer === "live",
		);
		return Object.keys(wanted)
			.map((key) => {
				const fact = facts.find((each) => each.key === `eth0.${key}`);
				if (fact?.status === "value") return fact.text || '""';
				return fact?.status === "unsupported" ? "-" : fact?.status;
			})
			.join(" ");
	} finally {
		host.dispose();
	}
}

const expected: { readonly [fixture: string]: string } = {
	"virtio_net-6.1": '- 1 - 256 256 off - 0 1 0 on on off - - "" - -',
	"veth-6.1": "4 - - - - - - - - - off on off - - - - -",
	"igb-5.16": "- 8 1 256 256 - - 3 - 0 on on off off off sd off -",
	"e1000e-5.4": "- - - 256 256 off off 3 0 0 on off off - - sd - -",
	"ixgbe-6.1": "- 16 1 512 512 - - 1 - 0 on on off off - sd off -",
	"ena-6.11": "- 32 - 1024 1024 on - 20 - 64 on off off - - sdfn - -",
	"mlx5-6.11": "- 63 - 1024 1024 on on 8 128 8 on on off off off sdfn - on",
};

test("every fixture is expected to be something", () => {
	const names = readdirSync(fixtures).filter((name) => name !== "README.md");
	expect(names.toSorted()).toEqual(Object.keys(expected).toSorted());
});

test.each(Object.entries(expected))("%s", (fixture, facts) => {
	expect(live(fixture)).toBe(facts);
});
