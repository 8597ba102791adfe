/** The generated schema accepts what the decoder accepts. */
import Ajv2020 from "ajv/dist/2020";
import { parse } from "yaml";
import type { JsonValue } from "../../inventory/decode/decoder";
import { inventorySchema } from "../../inventory/inventorySchema";
import { fakeTunables } from "./fakeTunables";
import { ed25519, load } from "./inventoryDirectory";

const schema = inventorySchema(fakeTunables);
const accepts = new Ajv2020({ allowUnionTypes: true }).compile(schema);

const machine = `{address: 192.0.2.1, hostKey: ${ed25519()}, port: 22}`;
const group = `
extends: profiles/p
connection: {user: u, become: true, proxy: {host: b, hostKey: ${ed25519()}}}
tuning:
  smt: off
  sysctl: {a/b: 0x10, c: off, d: 4096 87380 134217728}
  kernelCommandLine: {isolcpus: 8}
  hugePages: {count: 5}
rollout: {reboot: manual, rebootTimeoutSeconds: 5, onDestroy: keep}
machines:
  m: ${machine}
  n: {address: "::1", hostKey: ${ed25519()}, tuning: {smt: ~, hugePages: {size: 2M}}, rollout: ~}
`;

test("a group the decoder accepts is accepted", () => {
	const profile = "tuning: {hugePages: {size: 1G}}";
	expect(load({ "g.yaml": group, "profiles/p.yaml": profile })).toHaveLength(2);
	accepts(parse(group));
	expect(accepts.errors ?? []).toEqual([]);
	accepts(parse(profile));
	expect(accepts.errors ?? []).toEqual([]);
});

test.each([
	["at the top", "tunning: {}"],
	["in a section", "tuning: {smtt: off}"],
	["in a tunable", "tuning: {hugePages: {cout: 5}}"],
	[
		"in a machine",
		`machines: {m: {address: h, hostKey: ${ed25519()}, prt: 1}}`,
	],
	[
		"in a machine's section",
		`machines: {m: {address: h, hostKey: ${ed25519()}, tuning: {smtt: off}}}`,
	],
])("an unknown key %s is rejected", (_, yaml) => {
	expect(accepts(parse(yaml))).toBe(false);
	expect(
		accepts.errors?.some((e) => e.keyword === "additionalProperties"),
	).toBe(true);
});

test.each([
	"tuning: {smt: maybe}",
	"tuning: {hugePages: {count: 8k}}",
	"tuning: {sysctl: {A B: 1}}",
	"rollout: {reboot: nevr}",
	"connection: {port: 0}",
	"machines: {UP: {address: h, hostKey: k}}",
	"machines: {m: {address: h}}",
	"extends: p.yaml",
])("%s is rejected", (yaml) => {
	expect(accepts(parse(yaml))).toBe(false);
});

test("it says what it is", () => {
	expect(schema).toMatchObject({
		$schema: "https://json-schema.org/draft/2020-12/schema",
		title: "metaltune inventory",
		description: expect.any(String),
	});
});

test("it describes every key", () => {
	const undescribed = (at: string, value: JsonValue): readonly string[] => {
		if (typeof value !== "object") return [];
		const inside = Object.entries(value).flatMap(([k, v]) =>
			undescribed(`${at}/${k}`, v),
		);
		const isKey = /\/properties\/[^/]+(?:\/anyOf\/0)?$/.test(at);
		const silent = isKey && !("description" in value) && !("anyOf" in value);
		return silent ? [at, ...inside] : inside;
	};
	expect(undescribed("", schema)).toEqual([]);
	expect(undescribed("", { properties: { a: { type: "string" } } })).toEqual([
		"/properties/a",
	]);
});
