/** Hosts out of an exported state: what is read, opened, accepted, refused. */

import type { Fact } from "../../../model/facts";
import { stackTargets } from "../../../observe/drift/fromStack";
import { compare } from "../../support/oracle";

const stack = "urn:pulumi:prod::metaltune::";
const parent = `${stack}metaltune:index:TunedHost::h1`;

const sealed = (value: unknown) => ({
	"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
	plaintext: JSON.stringify(value),
});

const outputs = {
	host: "h1",
	connection: {
		host: "192.0.2.1",
		port: 22,
		user: "root",
		hostKey: "ssh-ed25519 AAAA",
		become: false,
		privateKey: sealed("KEY"),
		timeouts: { probeSeconds: 90 },
	},
	settings: { "sysctl.vm.swappiness": "live: 60", "smt.control": "off" },
	declared: { "sysctl.vm.swappiness": "7" },
	rules: { "smt.control": "exact reboot" },
	unsupported: { "smt.control": "no SMT" },
	program: "abc",
	reboot: "manual",
	rebootTimeoutSeconds: 900,
	applyRevision: 1,
	readyRevision: 1,
	pendingReboot: [],
};

const resource = (type: string, name: string, of: string, more = {}) => ({
	urn: `${stack}${type}::${name}`,
	type,
	parent: of,
	modified: "2026-11-21T10:00:05.5Z",
	...more,
});

const hostState = (changed = {}) =>
	resource("metaltune:index:HostState", "h1", parent, {
		outputs: { ...outputs, ...changed },
	});

const hostReady = resource("metaltune:index:HostReady", "h1", parent, {
	outputs: { bootId: "b1" },
});

const others = [
	resource("metaltune:index:Application", "h1-app", parent),
	resource(
		"command:remote:CopyToRemote",
		"h1-copy",
		`${stack}metaltune:index:Application::h1-app`,
	),
	resource(
		"command:remote:Command",
		"h2-apply",
		`${stack}metaltune:index:TunedHost::h2`,
	),
];

const run = (kind: string, commit: string) => ({
	kind,
	startTime: "2026-11-21T10:00:00.000Z",
	endTime: "2026-11-21T10:00:05.000Z",
	environment: { "git.head": commit },
});

function targets(
	resources: readonly unknown[],
	history: readonly unknown[] = [],
) {
	return stackTargets(
		JSON.stringify({ version: 3, deployment: { resources } }),
		JSON.stringify(history),
	);
}

const [one] = targets(
	[hostState(), hostReady, ...others],
	[run("refresh", "1111111"), run("update", "0123456789abcdef")],
);

test("a host has its login with secrets, and what was declared", () => {
	expect(one).toMatchObject({
		name: "h1",
		login: "root@192.0.2.1:22",
		connection: {
			host: "192.0.2.1",
			privateKey: "KEY",
			timeouts: { probeSeconds: 90 },
		},
		program: "abc",
	});
	const texts = one?.settings.map(
		({ tunable, value }) => `${tunable} ${value}`,
	);
	expect(texts?.toSorted()).toEqual(["smt off", "sysctl 7"]);
});

test("the run that proved it is the update whose time it was", () => {
	expect(one?.proof).toEqual({
		time: "2026-11-21T10:00:05.500Z",
		bootId: "b1",
		commit: "0123456789ab",
	});
});

test("the description it was deployed from is that of its component", () => {
	const inputs = { name: "h1", rollout: { reboot: "auto" } };
	const component = {
		...resource("metaltune:index:TunedHost", "h1", `${stack}fleet`),
		inputs,
	};
	const [host] = targets([component, hostState()]);
	expect(host?.description).toEqual(inputs);
	expect(host?.urns).toEqual([component.urn, hostState().urn]);
	expect(one?.description).toEqual({});
});

test("everything below the host is its own, and nothing else", () => {
	expect(one?.urns.map((urn) => urn.split("::").slice(2).join(" "))).toEqual([
		"metaltune:index:HostState h1",
		"metaltune:index:HostReady h1",
		"metaltune:index:Application h1-app",
		"command:remote:CopyToRemote h1-copy",
	]);
});

test("a wait for a reboot is accepted as far as the state knows it", () => {
	const waits = (pendingReboot: readonly string[]) => {
		const [host] = targets([hostState({ pendingReboot })]);
		const facts = (["live", "boot"] as const).map((layer): Fact => {
			const text = layer === "live" ? "on" : "off";
			const where = { tunable: "smt", key: "control", layer };
			return { ...where, status: "value", text, source: "/x" };
		});
		return compare(host?.settings ?? [], facts)
			.filter(({ verdict }) => verdict === "pendingReboot")
			.map((finding) => host?.accepts(finding));
	};
	expect(waits(["smt.control"])).toEqual([true]);
	expect(waits([])).toEqual([false]);
});

test("a host that is about to be deleted is not looked at", () => {
	expect(targets([{ ...hostState(), delete: true }])).toEqual([]);
});

test("a setting of a tunable that another version has is held as well", () => {
	const [host] = targets([hostState({ settings: { "nosuch.key": "1" } })]);
	expect(host?.settings).toEqual(
		expect.arrayContaining([
			{
				tunable: "nosuch",
				key: "key",
				match: "exact",
				value: "1",
				effect: "live",
			},
		]),
	);
});

test("a host that was never proved has no time since when", () => {
	expect(targets([hostState()])[0]?.proof).toBeUndefined();
});

test.each([
	[{ settings: "x" }, /HostState::h1\.settings: expected a map, got text/],
	[
		{ connection: { host: 1 } },
		/connection\.host: expected text, got a number/,
	],
	[
		{ settings: { "sysctl.a": "1" }, rules: { "sysctl.a": "about live" } },
		/sysctl\.a: the state has the rule "about live"/,
	],
	[{ pendingReboot: {} }, /pendingReboot: expected a list, got a map/],
])("state that is none is refused with its place: %j", (changed, why) => {
	expect(() => targets([hostState(changed)])).toThrow(why);
});

test("a secret never gets into a refusal", () => {
	const connection = {
		...outputs.connection,
		privateKey: sealed({ a: "KEY" }),
	};
	expect(() => targets([hostState({ connection })])).toThrow(/^(?!.*KEY)/);
});
