/** The rules of HostState's state, one line each. */

import type { Fact } from "../../model/facts";
import type { RebootPolicy } from "../../model/hostSpec";
import { hasUnknown } from "../../model/plainData";
import type { Setting } from "../../model/settings";
import {
	type HostStateInputs,
	type HostStateOutputs,
	mapsOf,
	settingsOf,
	unknownIds,
} from "../../observe/drift/hostStateOutputs";
import {
	difference,
	droppedIds,
	inputsOf,
} from "../../provider/hostStateInputs";
import { stateAfterChange } from "../../provider/stateAfterChange";
import { stateAfterRead, wantedSettings } from "../../provider/stateAfterRead";
import { compare } from "../support/oracle";

const order = ["kernelCommandLine", "sysctl"];
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const rmem: Setting = {
	tunable: "sysctl",
	key: "net.core.rmem_max",
	match: "exact",
	value: "134217728",
	effect: "live",
};
const isolcpus: Setting = {
	tunable: "kernelCommandLine",
	key: "isolcpus",
	match: "cpuSet",
	value: "8-15",
	effect: "reboot",
};
const settings = [isolcpus, rmem];

function fact(of: Setting, layer: "live" | "boot", text: string): Fact {
	const { tunable, key } = of;
	const status = text === "absent" ? "absent" : "value";
	const shown = status === "absent" ? "" : text;
	return { tunable, key, layer, status, text: shown, source: "/" };
}

const right = [
	fact(isolcpus, "live", "8,9,10-15"),
	fact(isolcpus, "boot", "8-15"),
	fact(rmem, "live", "134217728"),
	fact(rmem, "boot", "134217728"),
];
const drifted = [...right, fact(rmem, "live", "212992")];
const waiting = [...right, fact(isolcpus, "live", "absent")];
const impossible: readonly Fact[] = [
	...right,
	{ ...fact(isolcpus, "live", ""), status: "unsupported", text: "no SMP" },
];

function inputs(change: Partial<HostStateInputs> = {}): HostStateInputs {
	return {
		host: "h1",
		connection: {
			host: "192.0.2.1",
			port: 22,
			user: "root",
			hostKey: "ssh-ed25519 AAAA",
			become: false,
		},
		...mapsOf(settings),
		program: "p1",
		reboot: "manual",
		rebootTimeoutSeconds: 600,
		uploadRevision: 0,
		...change,
	};
}

function created(
	change: Partial<HostStateInputs> = {},
	facts: readonly Fact[] = right,
): HostStateOutputs {
	return stateAfterChange(undefined, inputs(change), compare(settings, facts));
}

function refreshed(
	state: HostStateOutputs,
	facts: readonly Fact[],
	installed: string | undefined = "p1",
): HostStateOutputs {
	const findings = compare(wantedSettings(state, order), facts);
	return stateAfterRead(state, { findings, installed }, order);
}

function updated(olds: HostStateOutputs, news: HostStateInputs) {
	return stateAfterChange(olds, news, compare(settings, right));
}

test("settings survive the way through the engine", () => {
	const maps = mapsOf([rmem, isolcpus]);
	expect(maps.rules).toEqual({ "kernelCommandLine.isolcpus": "cpuSet reboot" });
	expect(settingsOf(maps, order)).toEqual(settings);
});

test("a setting of another version's tunable comes last, and is named", () => {
	const maps = mapsOf(settings);
	const known = ["sysctl"];
	const last = settingsOf(maps, known).map(({ tunable }) => tunable);
	expect(last.at(0)).toBe("sysctl");
	expect(last.at(-1)).toBe("kernelCommandLine");
	expect(unknownIds(maps.settings, known)).toEqual(
		expect.arrayContaining(["kernelCommandLine.isolcpus"]),
	);
	expect(unknownIds(maps.settings, order)).toEqual([]);
});

test("a setting of an unknown rule is refused", () => {
	const maps = mapsOf(settings);
	const rules = { "sysctl.net.core.rmem_max": "about live" };
	expect(() => settingsOf({ ...maps, rules }, order)).toThrow("about live");
});

test("the effect that earlier versions gave to what is deployed is read", () => {
	const id = "applications.fx.cpus";
	const maps = { settings: { [id]: "8-9" }, rules: { [id]: "cpuSet deploy" } };
	expect(settingsOf(maps, order)).toEqual([
		{
			tunable: "applications",
			key: "fx.cpus",
			match: "cpuSet",
			value: "8-9",
			effect: "live",
		},
	]);
});

test("a new state holds what is declared, whatever was found", () => {
	const state = created({}, drifted);
	expect(inputsOf(state)).toEqual(inputs());
	expect(state.declared).toEqual({});
	expect([state.applyRevision, state.readyRevision]).toEqual([1, 1]);
});

describe("a refresh", () => {
	test("of a host that is right changes nothing", () => {
		expect(refreshed(created(), right)).toEqual(created());
	});

	test("shows drift by key, keeps what was declared, and stays so", () => {
		const once = refreshed(created(), drifted);
		expect(once.settings["sysctl.net.core.rmem_max"]).toBe("live: 212992");
		expect(once.settings["kernelCommandLine.isolcpus"]).toBe("8-15");
		expect(once.declared).toEqual({ "sysctl.net.core.rmem_max": "134217728" });
		expect(refreshed(once, drifted)).toEqual(once);
		expect(refreshed(once, right)).toEqual(created());
	});

	test.each<RebootPolicy>(["auto", "manual", "never"])(
		"under reboot %s, a key that came to wait for it is shown",
		(reboot) => {
			const once = refreshed(created({ reboot }), waiting);
			expect(once.settings["kernelCommandLine.isolcpus"]).toBe(
				"pending reboot",
			);
			expect(refreshed(once, waiting)).toEqual(once);
			expect(refreshed(once, right)).toEqual(created({ reboot }));
		},
	);

	test("of a key that is known to wait is clean until the reboot", () => {
		const state = created({}, waiting);
		expect(state.pendingReboot).toEqual(["kernelCommandLine.isolcpus"]);
		expect(refreshed(state, waiting)).toEqual(state);
		const rebooted = refreshed(state, right);
		expect(rebooted.settings["kernelCommandLine.isolcpus"]).toBe(
			"effective since a reboot",
		);
		expect(refreshed(rebooted, right)).toEqual(rebooted);
		expect(updated(rebooted, inputs()).pendingReboot).toEqual([]);
	});

	test("that comes first after apply knows what waits already", () => {
		const before = [...waiting, fact(isolcpus, "boot", "absent")];
		const state = created({}, before);
		expect(state.pendingReboot).toEqual(["kernelCommandLine.isolcpus"]);
		expect(refreshed(state, waiting)).toEqual(state);
	});

	test("keeps the reason of what is unsupported out of the settings", () => {
		const once = refreshed(created(), impossible);
		expect(once.unsupported).toEqual({
			"kernelCommandLine.isolcpus": "no SMP",
		});
		expect(difference(once, inputs()).changes).toBe(false);
		expect(refreshed(once, impossible)).toEqual(once);
		expect(created({}, impossible)).toEqual(once);
	});

	test("shows a program that is gone or another", () => {
		const gone = stateAfterRead(
			created(),
			{ findings: compare(settings, right), installed: undefined },
			order,
		);
		expect(gone.program).toBe("not installed");
		expect(updated(gone, inputs()).applyRevision).toBe(2);
		expect(refreshed(created(), right, "p0").program).toBe("p0");
	});
});

describe("an update", () => {
	const moved = { ...inputs().connection, host: "192.0.2.9" };
	const rekeyed = { ...inputs().connection, hostKey: "ssh-ed25519 BBBB" };
	const fewer = mapsOf([rmem]);
	const cases: [string, HostStateOutputs, HostStateInputs, number][] = [
		["drift", refreshed(created(), drifted), inputs(), 2],
		["fewer settings", created(), inputs(fewer), 2],
		["other rules", created(), inputs({ rules: {} }), 2],
		["another program", created(), inputs({ program: "p2" }), 1],
		["a new installation", created(), inputs({ connection: rekeyed }), 2],
		["a new address", created(), inputs({ connection: moved }), 1],
		["another policy", created(), inputs({ reboot: "never" }), 1],
		[
			"a pending reboot",
			refreshed(created({ reboot: "auto" }), waiting),
			inputs({ reboot: "auto" }),
			1,
		],
		[
			"the reboot that a person ordered",
			refreshed(created({}, waiting), right),
			inputs(),
			1,
		],
	];
	test.each(cases)("for %s", (_name, olds, news, applyRevision) => {
		expect(difference(olds, news)).toEqual({ changes: true, replaces: [] });
		const next = updated(olds, news);
		expect(next.applyRevision).toBe(applyRevision);
		expect(next.readyRevision).toBe(2);
		expect(difference(next, news).changes).toBe(false);
	});
});

describe("the difference", () => {
	test("of the same inputs is none, in any order of fields", () => {
		const { host, ...rest } = inputs();
		expect(difference(created(), { ...rest, host })).toEqual({
			changes: false,
			replaces: [],
		});
	});

	test("of another key at another address is a replacement", () => {
		const connection = {
			...inputs().connection,
			host: "192.0.2.9",
			hostKey: "ssh-ed25519 BBBB",
		};
		expect(difference(created(), inputs({ connection }))).toEqual({
			changes: true,
			replaces: ["connection"],
		});
	});

	test.each([
		["port", { port: 2222 }],
		[
			"proxy",
			{
				proxy: { host: "p", port: 22, user: "u", hostKey: "ssh-ed25519 CCCC" },
			},
		],
	])("of another key behind another %s is one too", (_what, place) => {
		const connection = {
			...inputs().connection,
			...place,
			hostKey: "ssh-ed25519 BBBB",
		};
		expect(difference(created(), inputs({ connection })).replaces).toEqual([
			"connection",
		]);
	});

	test("of what a preview cannot know is a change, not a replacement", () => {
		const connection = {
			...inputs().connection,
			host: unknown,
			hostKey: unknown,
		};
		expect(hasUnknown(inputs({ connection }))).toBe(true);
		expect(difference(created(), inputs({ connection }))).toEqual({
			changes: true,
			replaces: [],
		});
	});

	test("tells an empty value from one that is missing", () => {
		const state = created({ settings: { "sysctl.a": "" }, rules: {} });
		expect(difference(state, inputs({ settings: {}, rules: {} })).changes).toBe(
			true,
		);
	});
});

test("the next EC2 instance of a host is tuned from nothing, where it is", () => {
	const state = created({ instanceId: "i-1" });
	const connection = { ...inputs().connection, host: "192.0.2.9" };
	const news = inputs({ instanceId: "i-2", connection, settings: {} });
	expect(difference(state, news)).toEqual({ changes: true, replaces: [] });
	expect(droppedIds(state, news)).toEqual([]);
	const next = updated(state, news);
	expect(next.applyRevision).toBe(state.applyRevision + 1);
	// Even at the old address, which AWS gives to other customers.
	const same = updated(state, inputs({ instanceId: "i-2" }));
	expect(same.applyRevision).toBe(state.applyRevision + 1);
	expect(inputsOf(next).instanceId).toBe("i-2");
	expect(refreshed(next, right).instanceId).toBe("i-2");
});

test("a preview, which cannot know the next instance, shows an update", () => {
	const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
	const state = created({ instanceId: "i-1" });
	const connection = { ...inputs().connection, host: unknown };
	const news = inputs({ instanceId: unknown, connection });
	expect(difference(state, news)).toEqual({ changes: true, replaces: [] });
});

test("damaged records are a difference, and make apply run again", () => {
	const damaged = ["/var/lib/metaltune/baseline.tsv"];
	const findings = compare(settings, right);
	const found = { findings, installed: inputs().program, damaged };
	const state = stateAfterRead(created(), found, order);
	expect(state.program).toBe("damaged: /var/lib/metaltune/baseline.tsv");
	expect(difference(state, inputs()).changes).toBe(true);
	expect(updated(state, inputs()).applyRevision).toBe(
		created().applyRevision + 1,
	);
});

test("the owner of a state is kept by updates and refreshes", () => {
	const findings = compare(settings, right);
	const state = stateAfterChange(
		undefined,
		inputs(),
		findings,
		"ab".repeat(16),
	);
	expect(refreshed(state, drifted).owner).toBe("ab".repeat(16));
	expect(inputsOf(state)).not.toHaveProperty("owner");
});

test("a file's content in earlier state becomes its hash and size, without drift", () => {
	const hash = `sha256:${"a".repeat(64)}`;
	const file: Setting = { ...rmem, key: "x.y", value: `${hash} 4` };
	const base64 = Buffer.from("old\n").toString("base64");
	const state = created(
		inputs({ settings: { "sysctl.x.y": `${hash} ${base64}` }, rules: {} }),
	);
	const next = refreshed(state, [fact(file, "live", `${hash} 4`)]);
	expect(next.settings).toEqual({ "sysctl.x.y": `${hash} 4` });
	expect(next.declared).toEqual({});
});
