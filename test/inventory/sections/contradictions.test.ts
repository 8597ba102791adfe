/** Keys that no host can satisfy together are a problem of the inventory. */
import { applications } from "../../../applications/applicationSettings";
import { inventoryDecoders } from "../../../inventory/decoders";
import { refuseContradictions } from "../../../inventory/sections/contradictions";
import { tuningSettings } from "../../../inventory/sections/tuning";
import { parseYaml } from "../../../inventory/yaml/located";
import {
	formatProblem,
	type Problem,
	type ProblemSink,
	problemSink,
} from "../../../model/problem";
import type { Setting } from "../../../model/settings";
import { tunables } from "../../../tunables/registry";

const { tuning: section } = inventoryDecoders(tunables);

/** The settings of the section `applications`, which stands beside the tuning. */
function deployed(yaml: string, sink: ProblemSink): readonly Setting[] {
	const node = parseYaml("hosts/g.yaml", Buffer.from(yaml), sink);
	const spec = node && applications.decoder.decode(node, sink);
	return spec === undefined ? [] : applications.settings(spec);
}

/** The problems of a tuning section, and of applications beside it. */
function problemsOf(yaml: string, programs = "{}"): readonly string[] {
	const found: Problem[] = [];
	const sink = problemSink(found);
	const node = parseYaml("hosts/g.yaml", Buffer.from(yaml), sink);
	if (node?.kind !== "map") throw new Error("expected a map");
	const tuning = section.decode(node, sink.within("tuning"));
	if (tuning !== undefined) {
		const settings = tuningSettings(tunables, { tuning, node }, sink);
		const all = [...settings, ...deployed(programs, sink)];
		refuseContradictions(all, node, sink);
	}
	return found.map(formatProblem);
}

test("a problem has the place of both keys, and says what to do", () => {
	expect(
		problemsOf(
			"irqbalance: off\nservices:\n  irqbalance.service: {enabled: masked, state: running}\n",
		),
	).toEqual([
		"hosts/g.yaml:3:41: tuning.services.irqbalance.service.state: contradicts irqbalance (hosts/g.yaml:1:1): irqbalance: off stops the daemon and masks its unit; remove this key, or remove tuning.irqbalance",
	]);
});

const banned = "irqbalance: {bannedCpus: 2-3}";

test.each([
	...["irqbalance", "irqbalance.service"].flatMap((unit) => [
		[`irqbalance: off\nservices: {${unit}: {state: running}}`, "irqbalance"],
		[`irqbalance: off\nservices: {${unit}: {enabled: yes}}`, "irqbalance"],
		[`irqbalance: off\nservices: {${unit}: {enabled: no}}`, "irqbalance"],
		[
			`${banned}\nservices: {${unit}: {state: stopped}}`,
			"irqbalance.bannedCpus",
		],
		[`${banned}\nservices: {${unit}: {enabled: no}}`, "irqbalance.bannedCpus"],
		[
			`${banned}\nservices: {${unit}: {enabled: masked}}`,
			"irqbalance.bannedCpus",
		],
	]),
	[`${banned}\npackages: {irqbalance: absent}`, "packages.irqbalance"],
	[
		"packages: {tuned: absent}\nservices: {tuned: {state: running}}",
		"packages.tuned",
	],
	[
		"mounts: {/srv/data: {device: tmpfs, type: tmpfs}}\nservices: {srv-data.mount: {state: stopped}}",
		"mounts./srv/data",
	],
	[
		"hugePages: {mounts: [{path: /mnt/huge, size: 2M}]}\nservices: {mnt-huge.mount: {enabled: masked}}",
		"hugePages.mounts",
	],
	["memory: {ksm: off}\nservices: {ksmtuned: {state: running}}", "memory.ksm"],
	["memory: {ksm: off}\nservices: {ksm.service: {enabled: yes}}", "memory.ksm"],
	[
		"files: {/srv/data: {content: x}}\nmounts: {/srv/data: {device: tmpfs, type: tmpfs}}",
		"mounts./srv/data",
	],
	[
		"files: {/mnt/huge: {content: x}}\nhugePages: {mounts: [{path: /mnt/huge, size: 2M}]}",
		"hugePages.mounts",
	],
	[
		"mounts: {/mnt/huge: {device: tmpfs, type: tmpfs}}\nhugePages: {mounts: [{path: /mnt/huge, size: 2M}]}",
		"hugePages.mounts",
	],
	["sysctl: {vm.nr_hugepages: 8}\nhugePages: {2M: 16}", "hugePages.2M"],
	[
		"sysctl: {vm/nr_hugepages: 15}\nhugePages: {2M: {node0: 8, node1: 8}}",
		"hugePages.2M",
	],
	[
		"sysctl: {vm.nr_hugepages_mempolicy: 8}\nhugePages: {2M: 16}",
		"hugePages.2M",
	],
	["kernelCommandLine: {hugepages: 8}\nhugePages: {2M: 0}", "hugePages.2M"],
	[
		"sysctl: {vm.nr_hugepages: 8}\nkernelCommandLine: {default_hugepagesz: 1G}\nhugePages: {1G: 16}",
		"hugePages.1G",
	],
	["smt: on\nkernelCommandLine: {nosmt: true}", "smt"],
	["smt: on\nkernelCommandLine: {nosmt: force}", "smt"],
	['smt: on\nkernelCommandLine: {mitigations: "auto,nosmt"}', "smt"],
	[
		"memory: {numaBalancing: on}\nkernelCommandLine: {numa_balancing: disable}",
		"sysctl.kernel.numa_balancing",
	],
	[
		"sysctl: {kernel.numa_balancing: 0}\nkernelCommandLine: {numa_balancing: enable}",
		"sysctl.kernel.numa_balancing",
	],
])("%j contradicts %s", (yaml, other) => {
	expect(problemsOf(yaml)).toEqual([
		expect.stringMatching(
			new RegExp(
				`^hosts/g\\.yaml:\\d+:\\d+: tuning\\..*: contradicts ${other}[ :].*; .+`,
			),
		),
	]);
});

test.each([
	"irqbalance: off\nservices: {irqbalance: {state: stopped, enabled: masked}}",
	`${banned}\nservices: {irqbalance: {state: running, enabled: yes}}`,
	`${banned}\npackages: {irqbalance: present}`,
	"irqbalance: off\npackages: {irqbalance: absent}",
	"packages: {tuned: absent}\nservices: {tuned: {state: stopped}}",
	"mounts: {/srv/data: {device: tmpfs, type: tmpfs}}\nservices: {srv-data.mount: {state: running}}",
	"memory: {ksm: on}\nservices: {ksmtuned: {state: running}}",
	"sysctl: {vm.nr_hugepages: 16}\nhugePages: {2M: {node0: 8, node1: 8}}",
	"sysctl: {vm.nr_hugepages: {atLeast: 4}}\nhugePages: {2M: 16}",
	"sysctl: {vm.nr_hugepages: 8}\nhugePages: {1G: 16}",
	"sysctl: {vm.nr_hugepages: 17}\nhugePages: {2M: 16}",
	'kernelCommandLine: {hugepages: "0:8,1:8"}\nhugePages: {2M: 32}',
	"kernelCommandLine: {hugepages: 0}\nhugePages: {2M: 0}",
	"smt: on\nkernelCommandLine: {nosmt: false, mitigations: auto}",
	"smt: off\nkernelCommandLine: {nosmt: true}",
	"memory: {numaBalancing: off}\nkernelCommandLine: {numa_balancing: disable}",
])("%j is no contradiction", (yaml) => {
	expect(problemsOf(yaml)).toEqual([]);
});

test("a file that an application writes too is a problem", () => {
	const application = (path: string) =>
		`fx: {path: /usr/bin/fx, files: [{path: ${path}, content: y}]}`;
	const files = "files: {/etc/fx.conf: {content: x}}";
	expect(problemsOf(files, application("/etc/fx.conf"))).toEqual([
		"hosts/g.yaml:1:9: tuning.files./etc/fx.conf: contradicts applications.fx: both write this file; keep it in one of the two",
	]);
	expect(problemsOf(files, application("/etc/other.conf"))).toEqual([]);
});
