/** A group of EC2 instances as lint has it: each finding at its line. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sections } from "../../applications/sections";
import { loadLocated } from "../../inventory/load";
import { configurationOf } from "../../policies/configuration";
import { describedResources } from "../../policies/ec2Inventory";
import {
	instanceType,
	ofResource,
	securityGroupType,
	volumeType,
} from "../../policies/ec2Properties";
import { lint } from "../../policies/lintReport";
import type { CloudRule, Rule } from "../../policies/rule";
import { rules } from "../../policies/ruleRegistry";
import { hostsWith } from "./policyHosts";

const group = `aws:
  instanceType: c7i.metal-24xl
  count: 3
  subnetId: subnet-0123456789abcdef0
  image: { distribution: debian-12 }
  keyPair: fleet
  sshFrom: [203.0.113.0/24]
  tags: { Owner: trading }
`;

const judging = {
	configuration: configurationOf(rules, { topologyDeclared: "disabled" }),
	today: "2026-11-21",
};

function found(text: string, by = judging, judged: readonly Rule[] = rules) {
	const directory = mkdtempSync(join(tmpdir(), "lint-ec2-"));
	try {
		const hosts = join(directory, "hosts");
		mkdirSync(hosts);
		writeFileSync(join(hosts, "fx.yaml"), text);
		const { findings } = lint(judged, loadLocated(hosts, sections), by);
		return findings.map(
			({ rule, line, hosts: of }) => `${line} ${rule} ${of.join()}`,
		);
	} finally {
		rmSync(directory, { recursive: true });
	}
}

const one = "rollout: { maxUnavailable: 1 }\n";
const two = "rollout: { maxUnavailable: 2 }\n";

test("instances of one shard that may reboot together, at their shard", () => {
	const shards = "  shards:\n    - md-1\n    - md-2\n    - md-2\n";
	expect(found(`${group}${shards}${two}`)).toEqual(["12 shardsApart fx-3"]);
	expect(found(`${group}  shards: [md-1, md-2]\n${two}`)).toEqual([]);
	expect(found(`${group}${shards}${one}`)).toEqual([]);
});

test("a missing tag is found at the tags, and told of all instances", () => {
	const without = group.replace("Owner: trading", "Team: trading");
	expect(found(`${without}${one}`)).toEqual(["8 ec2Tags fx-1,fx-2,fx-3"]);
	const none = group.replace(/ {2}tags.*\n/, "");
	expect(found(`${none}${one}`)).toEqual(["1 ec2Tags fx-1,fx-2,fx-3"]);
});

test("required tags are configured, and so is the rule's level", () => {
	const required = (more: object) => ({
		...judging,
		configuration: configurationOf(rules, {
			topologyDeclared: "disabled",
			ec2Tags: { required: ["Name", "CostCentre"], ...more },
		}),
	});
	expect(found(`${group}${one}`, required({}))).toEqual([
		"8 ec2Tags fx-1,fx-2,fx-3",
	]);
	const off = required({ enforcementLevel: "disabled" });
	expect(found(`${group}${one}`, off)).toEqual([]);
});

/** Rules that find a resource of each type, and nothing else. */
function finding(type: string): CloudRule {
	return {
		name: "ec2Test",
		topic: "ec2",
		scope: "resource",
		severity: "mandatory",
		demand: "nothing is made",
		reason: "this is a test",
		source: "none",
		types: [type],
		judge: (resource) => [ofResource(resource, "size", "is made", "do not")],
	};
}

test.each([
	[instanceType, ["1 ec2Test fx-1,fx-2,fx-3"]],
	[securityGroupType, ["1 ec2Test fx-1"]],
	[volumeType, ["10 ec2Test fx-1,fx-2,fx-3"]],
])("a finding of %s is at what asks for it", (type, finds) => {
	const volumes = "  volumes:\n    sdf: { sizeGiB: 10 }\n";
	const rule = finding(type);
	const configuration = configurationOf([rule], {});
	const { today } = judging;
	expect(
		found(`${group}${volumes}${one}`, { configuration, today }, [rule]),
	).toEqual(finds);
});

test("an inventory without instances asks for none", () => {
	expect(describedResources(hostsWith({}))).toEqual([]);
});
