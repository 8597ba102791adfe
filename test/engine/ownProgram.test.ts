/**
 * The policy pack on a Pulumi program that a user wrote. No inventory can
 * break these rules, because its decoders refuse such a file first; such a
 * program can. AWS is a stand-in (awsStandIn/): a preview asks it for checks
 * only.
 */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Ec2Lab, startEc2Lab } from "./ec2Lab";
import { done } from "./lab";

jest.setTimeout(300_000);

/** By rule: the type of the resource that breaks it, and the place in it. */
const broken: { readonly [rule: string]: readonly [string, string] } = {
	hostKeyPinned: ["metaltune:index:TunedHost", "hostKey: "],
	addressesUnique: ["metaltune:index:TunedHost", "address: "],
	ec2MetalType: ["aws:ec2/instance:Instance", "instanceType: "],
	ec2ImdsV2: ["aws:ec2/instance:Instance", "metadataOptions.httpTokens: "],
	ec2Encrypted: ["aws:ebs/volume:Volume", "encrypted: "],
	ec2SshNotPublic: [
		"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
		"lets 0.0.0.0/0 reach port 22",
	],
	ec2PlacementGroup: ["aws:ec2/instance:Instance", "placementGroup: "],
};

const names = Object.keys(broken);
const pack = ["--policy-pack", "policies"];

let lab: Ec2Lab;

beforeAll(async () => {
	lab = await startEc2Lab();
	const program = "test/policies/ownProgram.ts";
	mkdirSync(join(lab.directory, "test/policies"), { recursive: true });
	cpSync(join(__dirname, "../..", program), join(lab.directory, program));
	writeFileSync(
		join(lab.directory, "index.ts"),
		'import "./test/policies/ownProgram";\n',
	);
});
afterAll(() => lab?.remove());

async function breakRules(rules: readonly string[]): Promise<void> {
	const json = JSON.stringify(rules);
	await done(lab.pulumi("config", "set", "broken", json));
}

/** Level, rule, type and name of the resource, and the finding, of each. */
function violations(text: string): readonly (readonly string[])[] {
	const heading = /\[(mandatory|advisory)\] +(\w+) +\((\S+): (\S+)\)/;
	const finding = /\n.*\n +(.*)/;
	const each = new RegExp(`${heading.source}${finding.source}`, "g");
	return [...text.matchAll(each)].map(([, ...parts]) => parts);
}

test("a program without mistakes passes", async () => {
	await breakRules([]);
	const seen = await done(lab.pulumi("preview", ...pack));
	expect(seen.text).toMatch(/Policies:\n +✅ metaltune/);
	expect(seen.text).not.toMatch(/\[(?:mandatory|advisory)\]/);
});

test("each rule refuses the resource that breaks it, and names both", async () => {
	await breakRules(names);
	const refused = await lab.pulumi("preview", ...pack);
	expect(refused.code).not.toBe(0);
	const expected = Object.entries(broken).map(([rule, [type, place]]) => [
		"mandatory",
		rule,
		type,
		rule,
		expect.stringContaining(`${rule}: ${place}`),
	]);
	const found = violations(refused.text);
	expect(found).toHaveLength(names.length);
	expect(found).toEqual(expect.arrayContaining(expected));
});

test("the level remediate changes what has one right value", async () => {
	await breakRules(["ec2ImdsV2", "ec2Encrypted"]);
	const file = join(lab.directory, "policy-config.json");
	const level = { ec2ImdsV2: "remediate", ec2Encrypted: "remediate" };
	writeFileSync(file, JSON.stringify(level));
	const seen = await done(
		lab.pulumi("preview", "--diff", ...pack, "--policy-pack-config", file),
	);
	expect(seen.text).toMatch(/\[remediate\] +ec2ImdsV2 /);
	expect(seen.text).toMatch(/~ httpTokens *: "optional" => "required"/);
	expect(seen.text).toMatch(/\[remediate\] +ec2Encrypted /);
	expect(seen.text).toMatch(/~ encrypted *: false => true/);
});
