/** The order of a group, as it is written. */
import { ed25519, load, problemsOf } from "../inventoryDirectory";

const key = ed25519();

function group(rollout: string, machine = ""): { "g.yaml": string } {
	const machines = Array.from({ length: 10 }, (_, index) => {
		const more = index === 0 ? machine : "";
		return `  m${index}: {address: 192.0.2.${index}, hostKey: ${key}${more}}`;
	});
	return {
		"g.yaml": `rollout: ${rollout}\nmachines:\n${machines.join("\n")}\n`,
	};
}

test.each([
	["{}", undefined],
	["{maxUnavailable: 3}", 3],
	["{maxUnavailable: 25%}", 2],
	["{maxUnavailable: 5%}", 1],
	["{maxUnavailable: 100%}", 10],
])("%s of ten machines", (rollout, expected) => {
	for (const host of load(group(rollout))) {
		expect(host.rollout.maxUnavailable).toBe(expected);
	}
});

test("a canary is known to every host of its group", () => {
	const hosts = load(group("{canary: m3}"));
	expect(hosts.map(({ rollout }) => rollout.canary)).toEqual(
		Array.from({ length: 10 }, () => "m3"),
	);
});

test("every problem has its place", () => {
	expect(
		problemsOf(
			group("{canary: m33, maxUnavailable: 0}", ", rollout: {canary: m1}"),
		),
	).toEqual([
		expect.stringMatching(
			/^hosts\/g\.yaml:1:19: rollout\.canary: expected one of the machines of this group, got "m33", did you mean m3\?/,
		),
		expect.stringMatching(
			/^hosts\/g\.yaml:1:40: rollout\.maxUnavailable: expected a number of hosts from 1, or a percentage such as 25%, got "0"/,
		),
		expect.stringMatching(
			/^hosts\/g\.yaml:3:\d+: machines\.m0\.rollout\.canary: expected it in the rollout of the group/,
		),
	]);
});
