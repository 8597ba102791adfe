/** A group of EC2 instances as lint has it: each finding at its line. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadLocated } from "../../inventory/load";
import { configurationOf } from "../../policies/configuration";
import { lint } from "../../policies/lint";
import { rules } from "../../policies/registry";
import { tunables } from "../../tunables/registry";

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

function found(text: string, by = judging) {
	const directory = mkdtempSync(join(tmpdir(), "lint-ec2-"));
	try {
		const hosts = join(directory, "hosts");
		mkdirSync(hosts);
		writeFileSync(join(hosts, "fx.yaml"), text);
		const { findings } = lint(rules, loadLocated(hosts, tunables), by);
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
