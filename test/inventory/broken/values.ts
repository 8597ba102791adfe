/**
 * Values that a decoder refuses, each with the path of its one problem. The
 * wording of the problem is in __snapshots__; see ../wordings.test.ts.
 */
import type { Decoder } from "../../../inventory/decode/decoder";
import { hostKey } from "../../../inventory/decode/publicKeys";
import {
	boolean,
	cpuList,
	decimalText,
	integer,
	oneOf,
	onOff,
	scalarText,
	text,
} from "../../../inventory/decode/scalars";
import { applicationsSection } from "../../../inventory/sections/applications";
import { checklistSection } from "../../../inventory/sections/checklist";
import {
	address,
	connectionSection,
	hostName,
} from "../../../inventory/sections/connection";
import { ed25519 } from "../inventoryDirectory";

export interface BrokenValues {
	readonly decoder: Decoder<unknown>;
	readonly values: readonly (readonly [yaml: string, path: string])[];
}

const description = "A value.";

/** Values that are broken as a whole. */
function scalars(
	decoder: Decoder<unknown>,
	...values: readonly string[]
): BrokenValues {
	return { decoder, values: values.map((yaml) => [yaml, ""] as const) };
}

const good = ed25519();
const blob = good.split(" ")[1] ?? "";
const longer = Buffer.concat([Buffer.from(blob, "base64"), Buffer.alloc(2)]);

const ofDecoders = {
	text: scalars(
		text({ description }),
		...["5", "a: 1", "[]", "~", '"a\\0b"', "|\n  a\n  b\n"],
	),
	word: scalars(
		text({ description, pattern: /^[a-z]+$/, expected: "a word" }),
		"ab1",
	),
	pages: scalars(
		integer({ description, min: 0, unit: "pages" }),
		...["8k", "-1", "1.5", "0x10", "010", "1e3", "'5'", "9007199254740992"],
	),
	positive: scalars(integer({ description, min: 1, unit: "seconds" }), "0"),
	port: scalars(integer({ description, min: 1, max: 65535 }), "65536"),
	bytes: scalars(decimalText({ description, unit: "bytes" }), "-1", "1k"),
	boolean: scalars(boolean(description), "yes", "'true'"),
	oneOf: scalars(oneOf(["red", "green", "blue"], description), "gren", "black"),
	onOff: scalars(onOff(description), "true", "no", "enabled", "maybe"),
	scalarText: scalars(scalarText(description), '"\\x1b[2J"', '"\\u202e"'),
	cpuList: scalars(cpuList(description), "''", "5-2", "[1, 2]", "1.5"),
	hostKey: scalars(
		hostKey,
		`h1 ${good}`,
		`"[h1]:22 ${good}"`,
		blob,
		"ssh-ed25519",
		good.slice(0, -4),
		`ssh-ed25519 ${longer.toString("base64")}`,
		"ssh-ed25519 AAA!",
		`ssh-rsa ${blob}`,
		"SHA256:abcdef",
		"5",
	),
	address: scalars(
		address,
		...["999.1.1.1", "1.2.3", "host_1", "-host", "a..b", "'host:22'"],
		...["'2001:db8::g'", "''", `${"a".repeat(64)}.b`, "'a;b'"],
	),
	hostName: scalars(hostName, "a".repeat(64), "NY4", "ny4_01", "ny4-"),
} satisfies { [decoder: string]: BrokenValues };

const ofSections = {
	connection: {
		decoder: connectionSection,
		values: [
			["proxy: {host: bastion}", "proxy.hostKey"],
			["{privateKeyFile: k, passwordSecret: p}", ""],
			[
				"{privateKeyFile: '-----BEGIN OPENSSH PRIVATE KEY----- AAAA'}",
				"privateKeyFile",
			],
			["{passwordSecret: 'hunter 2!'}", "passwordSecret"],
			["user: 'a b'", "user"],
			["port: 0", "port"],
			["hostKey: x", "hostKey"],
			["timeouts: {applySeconds: 0}", "timeouts.applySeconds"],
			["timeouts: {applySecond: 60}", "timeouts.applySecond"],
			[
				`proxy: {host: b, hostKey: ${ed25519(2)}, timeouts: {}}`,
				"proxy.timeouts",
			],
		],
	},
	applications: {
		decoder: applicationsSection,
		values: [
			["a: {}", "a"],
			["a: {binary: x, path: /x}", "a"],
			["a: {binary: /opt/x}", "a.binary"],
			["a: {path: /x, executable: y}", "a"],
			[`a: {binary: x/, sha256: '${"0".repeat(64)}'}`, "a"],
			["a: {binary: x, sha256: abc}", "a.sha256"],
			["a: {binary: x, executable: ../y}", "a.executable"],
			["a: {path: /x, numactl: {membind: 0, interleave: all}}", "a.numactl"],
			["a: {path: /x, numactl: {membind: one}}", "a.numactl.membind"],
			["a: {path: /x, numactl: {membind: ''}}", "a.numactl.membind"],
			["a: {path: /x, numactl: {localalloc: false}}", "a.numactl"],
			["a: {path: /x, scheduler: {policy: fifo}}", "a.scheduler"],
			["a: {path: /x, scheduler: {policy: other, priority: 1}}", "a.scheduler"],
			["a: {path: /x, threads: {io: {}}}", "a.threads.io"],
			[
				"a: {path: /x, threads: {a-name-of-16-byte: {cpus: 1}}}",
				"a.threads.a-name-of-16-byte",
			],
			["a: {path: /x, health: {tcp: 1, http: 'http://x'}}", "a.health"],
			["a: {path: /x, health: {http: 'ftp://x'}}", "a.health.http"],
			["a: {path: /x, health: {}}", "a.health"],
			["a: {path: /x, health: {tcp: 1, status: 200}}", "a.health"],
			["a: {path: /x, health: {command: []}}", "a.health.command"],
			["a: {path: /x, files: [{path: c}]}", "a.files[0]"],
			["a: {path: /x, files: [{path: a b, content: x}]}", "a.files[0].path"],
			[
				"a: {path: /x, files: [{path: a/../../c, content: x}]}",
				"a.files[0].path",
			],
			[
				"a: {path: /x, files: [{path: /etc/passwd, content: x}]}",
				"a.files[0].path",
			],
			[
				"a: {path: /x, files: [{path: c, content: x, mode: 999}]}",
				"a.files[0].mode",
			],
			[
				"a: {path: /x, files: [{path: c, contentSecret: s, mode: 0644}]}",
				"a.files[0]",
			],
			[
				'a: {path: /x, files: [{path: c, content: "\\x01"}]}',
				"a.files[0].content",
			],
			["a: {path: /x, environment: {A-B: x}}", "a.environment.A-B"],
			["a: {path: /x, user: A B}", "a.user"],
			["a: {path: /x, capabilities: [CAP_SYS_NIC]}", "a.capabilities[0]"],
			["a: {path: /x, limits: {rtprio: 100}}", "a.limits.rtprio"],
			["rollback: {path: /x}", "rollback"],
			["A: {path: /x}", "A"],
		],
	},
	checklist: {
		decoder: checklistSection,
		values: [
			["A: {asks: x}", "A"],
			["A: {asks: x, notOnHost: y, settings: [smt.control]}", "A"],
			["A: {notOnHost: y}", "A.asks"],
			["A: {asks: '', notOnHost: y}", "A.asks"],
			["A: {asks: x, notOnHost: ''}", "A.notOnHost"],
			["A: {asks: x, settings: [smt]}", "A.settings[0]"],
			["A: {asks: x, machine: {kernel: 5.10}}", "A.machine.kernel"],
			['A: {asks: x, machine: {kernel: "6.1-rt"}}', "A.machine.kernel"],
			["A: {asks: x, machine: {cpuFlags: [AVX2]}}", "A.machine.cpuFlags[0]"],
			["A: {asks: x, machine: {memory: 1}}", "A.machine.memory"],
			[
				"A: {asks: x, notOnHost: y, measured: {housekeepingCpus: {busyPercent: 1}}}",
				"A",
			],
			[
				"A: {asks: x, measured: {quietCpus: {interruptPercent: 101}}}",
				"A.measured.quietCpus.interruptPercent",
			],
			["A: {asks: x, measured: {idleCpus: {}}}", "A.measured.idleCpus"],
			["A: {asks: x, measured: {quietCpus: {}}}", "A.measured"],
			["{A|B: {asks: x, notOnHost: y}}", "A|B"],
		],
	},
} satisfies { [section: string]: BrokenValues };

/** By decoder, and by section of an inventory file. */
export const brokenValues: { readonly [decoder: string]: BrokenValues } = {
	...ofDecoders,
	...ofSections,
};
