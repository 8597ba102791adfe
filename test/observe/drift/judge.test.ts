/** Every rule of a drift report: which answer is which verdict and status. */
import { createHash } from "node:crypto";
import { encodeSettings } from "../../../host/protocol";
import type { Fact, FactStatus } from "../../../model/facts";
import type { Setting } from "../../../model/settings";
import { judge, unreachable } from "../../../observe/drift/judge";
import { repairPlan } from "../../../observe/drift/repairPlan";
import type { Target } from "../../../observe/drift/target";
import { compare } from "../../support/oracle";

const program = "p".repeat(64);

const setting: Setting = {
	tunable: "sysctl",
	key: "vm.swappiness",
	match: "exact",
	value: "7",
	effect: "live",
};

const settingsHash = createHash("sha256")
	.update(encodeSettings([setting]))
	.digest("hex");

const target: Target = {
	name: "h",
	login: "root@h:22",
	connection: "not used",
	settings: [setting],
	deployed: true,
	program,
	accepts: ({ verdict }) => verdict === "unsupported",
	otherSettings: "was given others",
	awaited: [],
};

function fact(layer: "live" | "boot", status: FactStatus, text: string): Fact {
	return {
		tunable: "sysctl",
		key: "vm.swappiness",
		layer,
		status,
		text,
		source: "/x",
	};
}

interface Answered {
	readonly facts?: readonly Fact[];
	readonly installed?: string | undefined;
	readonly settingsHash?: string | undefined;
	readonly interrupted?: string;
	readonly rolledBack?: string;
	readonly damaged?: readonly string[];
}

const right = [fact("live", "value", "7"), fact("boot", "value", "7")];

function judged(answered: Answered, of: Partial<Target> = {}) {
	const given = { facts: right, installed: program, settingsHash, ...answered };
	const { installed, facts, interrupted, rolledBack } = given;
	const asked = { ...target, ...of };
	return judge(asked, {
		installed,
		report: {
			program: installed ?? "-",
			bootId: "b1",
			settingsHash: given.settingsHash,
			interrupted,
			rebootRequired: false,
			provisional: [],
			rolledBack,
			owner: undefined,
			damaged: given.damaged ?? [],
			settings: [],
			facts,
			findings: compare(asked.settings, facts),
			notApplied: undefined,
			isActivating: false,
		},
	});
}

test("a host that is as declared has nothing to say", () => {
	expect(judged({})).toEqual({
		name: "h",
		login: "root@h:22",
		status: "clean",
		bootId: "b1",
		settings: 1,
		deviations: [],
		notes: [],
	});
});

const cases = [
	["live differs", ["value", "60"], ["value", "7"], "liveDrift", "drift"],
	["only boot differs", ["value", "7"], ["absent", ""], "bootDrift", "drift"],
	["live is empty", ["value", ""], ["value", "7"], "liveDrift", "drift"],
	[
		"one is unreadable",
		["value", "60"],
		["unreadable", "EIO"],
		"unreadable",
		"unknown",
	],
	[
		"the kernel lacks it",
		["unsupported", "no"],
		["value", "7"],
		"unsupported",
		"clean",
	],
] as const;

test.each(cases)("%s", (_, live, boot, verdict, status) => {
	const facts = [
		fact("live", live[0], live[1]),
		fact("boot", boot[0], boot[1]),
	];
	expect(judged({ facts })).toMatchObject({
		status,
		deviations: [
			{
				key: "sysctl.vm.swappiness",
				declared: "7",
				live: { status: live[0], text: live[1], source: "/x" },
				boot: { status: boot[0], text: boot[1] },
				verdict,
				accepted: verdict === "unsupported",
			},
		],
	});
});

test("a key without an answer is unreadable, without layers", () => {
	const { status, deviations } = judged({ facts: [] });
	expect(status).toBe("unknown");
	expect(Object.keys(deviations[0] ?? {})).not.toContain("live");
});

test("a wait for a reboot counts unless it is accepted", () => {
	const settings = [{ ...setting, effect: "reboot" as const }];
	const facts = [fact("live", "value", "0"), fact("boot", "value", "7")];
	expect(judged({ facts }, { settings })).toMatchObject({ status: "drift" });
	const accepts = () => true;
	expect(judged({ facts }, { settings, accepts })).toMatchObject({
		status: "clean",
		deviations: [{ verdict: "pendingReboot", accepted: true }],
	});
});

test.each([
	[undefined, { status: "absent", text: "" }],
	["q".repeat(64), { status: "value", text: "q".repeat(64) }],
])("the program that is installed is a key: %p", (installed, live) => {
	const { status, deviations } = judged({ installed });
	expect(status).toBe("drift");
	expect(deviations).toMatchObject([
		{ key: "metaltune.program", declared: program, live, verdict: "liveDrift" },
	]);
});

test("an inventory's own program waits for the next up, and is no drift", () => {
	const inventory = { deployed: false };
	expect(judged({ installed: "q" }, inventory)).toMatchObject({
		status: "clean",
		deviations: [],
		notes: [expect.stringContaining("host program of another version")],
	});
	expect(judged({ installed: undefined }, inventory).status).toBe("drift");
});

const proof = { time: "T", bootId: "b0" };

test.each([
	[{ settingsHash: undefined }, {}, "was given no settings yet"],
	[{ settingsHash: "x" }, {}, "was given others"],
	[{ interrupted: "apply" }, {}, "has a `apply` that was interrupted"],
	[{ rolledBack: "no login" }, {}, "ROLLED BACK: no login"],
	[{}, { proof }, "has booted since it was last proved"],
	[{}, { awaited: ["sysctl.vm.swappiness"] }, /has had the reboot/],
] as const)("%j of %j is a note and no drift", (answered, of, note) => {
	const { status, notes } = judged(answered, of);
	expect(status).toBe("clean");
	expect(notes).toEqual([expect.stringMatching(note)]);
});

test("a repair takes what can be repaired, and names the rest", () => {
	const drifted = judged({
		facts: [fact("live", "value", "1"), right[1] ?? fail()],
	});
	const unread = judged({ facts: [] });
	const cannot = judged({ facts: [fact("live", "unsupported", "no")] });
	const hosts = [
		{ ...drifted, name: "a" },
		{ ...unread, name: "b" },
		{ ...cannot, name: "c" },
		unreachable({ ...target, name: "d" }, "refused"),
		{ ...judged({}), name: "e" },
	];
	const undeployed = new Map(hosts.map(({ name }) => [name, []] as const));
	expect(repairPlan(hosts, undeployed, circumstances(false))).toEqual({
		repair: ["a"],
		refused: [],
		deployedToo: [],
		reasons: [],
		left: [
			"b: sysctl.vm.swappiness could not be read",
			"d: unreachable: refused",
		],
	});
});

test("a repair that would deploy more is refused, or says so", () => {
	const drifted = judged({
		facts: [fact("live", "value", "1"), right[1] ?? fail()],
	});
	const hosts = [
		{ ...drifted, name: "a" },
		{ ...drifted, name: "b" },
		{ ...judged({}), name: "clean" },
	];
	const swappiness = { key: "sysctl.vm.swappiness", before: "7" };
	const others = Array.from({ length: 6 }, (_, i) => ({
		key: `k${i}`,
		after: "x".repeat(41),
	}));
	const undeployed = new Map([
		["a", [{ ...swappiness, after: "9" }]],
		["b", []],
		["clean", [swappiness]],
	]);
	expect(repairPlan(hosts, undeployed, circumstances(false))).toEqual({
		repair: ["b"],
		refused: [
			"a: expected an inventory that says what is deployed, got changes: sysctl.vm.swappiness 7 -> 9; deploy them with `pulumi up --refresh`, or with this repair by --with-undeployed-changes",
		],
		deployedToo: [],
		reasons: [],
		left: [
			"clean: the inventory has changes that are not deployed: sysctl.vm.swappiness 7 -> not declared; --with-undeployed-changes deploys them",
		],
	});
	const many = new Map([
		["a", [swappiness, ...others]],
		["b", []],
	]);
	const long = `not declared -> ${"x".repeat(40)}...`;
	expect(repairPlan(hosts, many, circumstances(true))).toEqual({
		repair: ["a", "b"],
		refused: [],
		deployedToo: [
			`a: sysctl.vm.swappiness 7 -> not declared, k0 ${long}, k1 ${long}, k2 ${long}, k3 ${long} and 2 more`,
		],
		reasons: [],
		left: [],
	});
});

test("a repair destroys no host, whatever it may deploy", () => {
	const drifted = judged({
		facts: [fact("live", "value", "1"), right[1] ?? fail()],
	});
	const hosts = [
		{ ...drifted, name: "gone" },
		{ ...judged({}), name: "goneToo" },
	];
	expect(repairPlan(hosts, new Map(), circumstances(true))).toEqual({
		repair: [],
		refused: [
			"gone: expected it in the inventory, got no such host, so that its repair would destroy it; write it there again, or take it out of the stack with `pulumi up --refresh`",
		],
		deployedToo: [],
		reasons: [],
		left: [],
	});
});

function circumstances(accepts: boolean) {
	return { accepts, unfinished: new Set<string>(), renewed: new Set<string>() };
}

function fail(): never {
	throw new Error("expected a fact");
}
