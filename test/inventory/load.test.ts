/** Whole inventories: from files to hosts, or to every problem at once. */
import fc from "fast-check";
import { loadInventory } from "../../inventory/load";
import { InventoryError } from "../../model/problem";
import { group } from "./broken/groups";
import {
	ed25519,
	type Files,
	fakeSections,
	load,
	problemsOf,
} from "./inventoryDirectory";

const key = ed25519();

function only(files: Files) {
	const [host, ...others] = load(files);
	expect(others).toEqual([]);
	if (host === undefined) throw new Error("expected a host");
	return host;
}

test("a host is its machine over its group over what that extends", () => {
	const host = only({
		"profiles/base.yaml": `
rollout: {reboot: manual, rebootTimeoutSeconds: 60}
tuning: {smt: on, sysctl: {a: 1, b: 2, c: 3}}`,
		"profiles/fast.yaml": `
extends: base
tuning: {smt: off, sysctl: {b: 20}}`,
		"g.yaml": group(
			"m",
			"extends: profiles/fast\ntuning: {sysctl: {c: ~, d: 0x4}}",
			", tuning: {sysctl: {d: 5}}, rollout: {onDestroy: keep}",
		),
	});
	expect(host).toMatchObject({
		name: "m",
		group: "g",
		tuning: { smt: "off", sysctl: { a: "1", b: "20", d: "5" } },
		rollout: {
			reboot: "manual",
			rebootTimeoutSeconds: 60,
			rollbackSeconds: 120,
			onDestroy: "keep",
		},
	});
});

test("of several extended files a later one overrides", () => {
	const host = only({
		"profiles/a.yaml": "tuning: {smt: on, sysctl: {x: 1}}",
		"profiles/b.yaml": "tuning: {smt: off}",
		"g.yaml": group("m", "extends: [profiles/a, profiles/b]"),
	});
	expect(host.tuning).toEqual({ smt: "off", sysctl: { x: "1" } });
});

test("a machine can do without a section of its group", () => {
	const host = only({
		"g.yaml": group("m", "tuning: {smt: off}", ", tuning: ~"),
	});
	expect(host.tuning).toEqual({});
	expect(host.settings).toEqual([]);
});

test("hosts are frozen plain data, sorted by name", () => {
	const hosts = load({
		"a.yaml": group("z", "tuning: {kernelCommandLine: {isolcpus: '3,2'}}"),
		"b.yaml": group("m"),
		"profiles/unused.yaml": "tunning: no group extends this",
		"README.md": "not an inventory file",
	});
	expect(hosts.map(({ name }) => name)).toEqual(["m", "z"]);
	expect(JSON.parse(JSON.stringify(hosts))).toEqual(hosts);
	const seen: unknown[] = [hosts];
	for (const each of seen) {
		if (typeof each !== "object" || each === null) continue;
		expect(Object.isFrozen(each)).toBe(true);
		seen.push(...Object.values(each));
	}
	expect(seen.length).toBeGreaterThan(20);
});

test("settings come in registry order of their tunable, then by key", () => {
	const { settings } = only({
		"g.yaml": group(
			"m",
			"tuning: {sysctl: {b: 1, a.c: 1, a_b: 1}, smt: off, hugePages: {count: 4}, kernelCommandLine: {isolcpus: 1}}",
		),
	});
	expect(settings.map(({ tunable, key }) => `${tunable}.${key}`)).toEqual([
		"kernelCommandLine.hugepages",
		"kernelCommandLine.isolcpus",
		"smt.control",
		"sysctl.a.c",
		"sysctl.a_b",
		"sysctl.b",
		"hugePages.node0",
	]);
});

test("two tunables may ask for the same, not for different things", () => {
	const tuning = (n: string) =>
		`tuning:\n  kernelCommandLine: {hugepages: ${n}}\n  hugePages: {count: 4}`;
	const { settings } = only({ "g.yaml": group("m", tuning("4")) });
	expect(settings).toHaveLength(2);
	expect(problemsOf({ "g.yaml": group("m", tuning("5")) })).toEqual([
		"hosts/g.yaml:3:3: tuning.hugePages: asks for kernelCommandLine.hugepages 4, but kernelCommandLine asks for 5; keep one of the two",
	]);
});

test("every problem of every file is told once, at its place", () => {
	const machines = `machines:
  m1: {address: 192.0.2.1, hostKey: ${key}}
  m2: {address: 192.0.2.2}
  m3: {address: 999.0.2.3, hostKey: ${key}, prt: 5}
`;
	const files = {
		"profiles/p.yaml": "tuning:\n  smt: true\n  hugePages: {count: 8k}\n",
		"a.yaml": `extends: profiles/p\n${machines}`,
		"b.yaml": `extends: profiles/p\nrolout: {}\nrollout: {reboot: nevr}\n${machines.replaceAll("m", "n").replaceAll("nachines", "machines")}`,
		"c.yaml": "tuning: {smt: off\n",
	};
	const required =
		"this key is required: expected the host's public key as TYPE BASE64, as there is no connection without one; run `ssh-keyscan -t ed25519 ADDRESS`, compare the fingerprint with the one on the host's console, and write the last two words here";
	const bad =
		'expected a host name, an IPv4 or an IPv6 address, got "999.0.2.3"';
	expect(problemsOf(files)).toEqual([
		`hosts/a.yaml:4:7: machines.m2.hostKey: ${required}`,
		`hosts/a.yaml:5:17: machines.m3.address: ${bad}`,
		expect.stringMatching(
			/^hosts\/a.yaml:5:\d+: machines.m3.prt: this key is not known, did you mean port\?$/,
		),
		"hosts/b.yaml:2:1: rolout: this key is not known, did you mean rollout?",
		'hosts/b.yaml:3:19: rollout.reboot: expected auto, manual or never, got "nevr", did you mean never?',
		`hosts/b.yaml:6:7: machines.n2.hostKey: ${required}`,
		`hosts/b.yaml:7:17: machines.n3.address: ${bad}`,
		expect.stringMatching(/^hosts\/b.yaml:7:\d+: machines.n3.prt: /),
		expect.stringMatching(/^hosts\/c.yaml:2:1: expected YAML: /),
		"hosts/profiles/p.yaml:2:8: tuning.smt: expected on or off, got true; write on",
		'hosts/profiles/p.yaml:3:22: tuning.hugePages.count: expected a whole number of pages, got "8k"',
	]);
});

test("a missing base hides no problem, and makes none", () => {
	const files = {
		// `connection` and the rest of the application may be in it.
		"a.yaml": group(
			"n",
			"extends: profiles/nope\ntuning: {smt: maybe}\napplications: {fx: {executable: fx}}\nrollout: {reboot: nevr}",
		),
		"b.yaml": group("m", "extends: [profiles/nope]\ntunning: {}", ", prt: 5"),
	};
	expect(problemsOf(files)).toEqual([
		expect.stringMatching(/^hosts\/a.yaml:1:10: extends: expected a file that/),
		expect.stringMatching(/^hosts\/a.yaml:2:15: tuning.smt: expected on or/),
		expect.stringMatching(/^hosts\/a.yaml:4:19: rollout.reboot: expected auto/),
		expect.stringMatching(/^hosts\/b.yaml:2:1: tunning: this key is not known/),
		expect.stringMatching(/^hosts\/b.yaml:4:\d+: machines.m.prt: this key is/),
	]);
});

test("the case of a host name does not make another address", () => {
	const files = {
		"a.yaml": group("m").replace("192.0.2.109", "Host"),
		"b.yaml": group("n").replace("192.0.2.110", "host"),
	};
	expect(problemsOf(files)).toEqual([
		expect.stringContaining(
			"expected each address once, got host port 22 here",
		),
	]);
});

/** A machine of every site, at one address behind the site's hop. */
function sites(...hops: readonly string[]) {
	const entries = hops.map((hop, index) => {
		const proxy = `connection: {proxy: {${hop}, hostKey: ${key}}}`;
		const text = group(`m${index}`, proxy);
		const file = `${index}.yaml`;
		return [file, text.replace(/192\.0\.2\.\d+/, "10.0.0.7")] as const;
	});
	return Object.fromEntries(entries);
}

test("one address behind different hops is a machine each", () => {
	const hops = ["host: ny4", "host: ld4", "host: ny4, port: 2222"];
	expect(load(sites(...hops)).map(({ name }) => name)).toEqual([
		"m0",
		"m1",
		"m2",
	]);
});

test("one address behind one hop is one machine, however the hop is written", () => {
	expect(problemsOf(sites("host: ny4", "host: NY4, port: 22"))).toEqual([
		expect.stringContaining(
			"expected each address once, got 10.0.0.7 port 22 behind ny4 port 22 here",
		),
	]);
});

test("a directory that is missing is one clear sentence", () => {
	expect(() => loadInventory("/nonexistent/hosts", fakeSections)).toThrow(
		new InventoryError([
			{
				file: "hosts",
				line: 1,
				col: 1,
				path: "",
				message:
					"expected a directory with one YAML file per group of machines, got ENOENT",
			},
		]),
	);
});

test("never rebooting is fine where nothing needs it", () => {
	const { rollout } = only({
		"g.yaml": group("m", "rollout: {reboot: never}\ntuning: {smt: off}"),
	});
	expect(rollout.reboot).toBe("never");
});

test("no file throws anything but an InventoryError", () => {
	const good = `extends: profiles/p
connection: {user: u, proxy: {host: b, hostKey: ${key}}}
tuning:
  smt: off
  sysctl: {a: 1}
  kernelCommandLine: {isolcpus: 1-3}
rollout: {reboot: auto}
machines:
  m: {address: 192.0.2.1, hostKey: ${key}, tuning: {smt: ~}}
`;
	const words = ["~", "[", "]", "{", "}", ":", "- ", "\n", "  ", "*a", "&a "];
	const edit = fc.record({
		at: fc.nat(good.length),
		cut: fc.nat(40),
		put: fc.oneof(
			fc.constantFrom(...words, "extends: p\n", "true", "5", "'x'"),
			fc.string({ unit: "binary", maxLength: 5 }),
		),
	});
	const edited = fc
		.array(edit, { minLength: 1, maxLength: 4 })
		.map((edits) =>
			edits.reduce(
				(text, { at, cut, put }) =>
					text.slice(0, at) + put + text.slice(at + cut),
				good,
			),
		);
	const profile = "tuning: {smt: on}";
	expect(problemsOf({ "g.yaml": good, "profiles/p.yaml": profile })).toEqual(
		[],
	);
	fc.assert(
		fc.property(edited, fc.oneof(edited, fc.constant(profile)), (g, p) => {
			const files = { "g.yaml": g, "profiles/p.yaml": p };
			for (const problem of problemsOf(files)) {
				expect(problem).toMatch(/^hosts\/(?:g|profiles\/p).yaml:\d+:\d+: ./);
			}
		}),
		{ numRuns: 300 },
	);
});
