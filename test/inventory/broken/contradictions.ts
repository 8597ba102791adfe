/** Tuning whose keys no host can satisfy together. */
import { applications } from "../../../applications/applicationSettings";
import { inventoryDecoders } from "../../../inventory/decoders";
import { refuseContradictions } from "../../../inventory/sections/contradictions";
import { tuningSettings } from "../../../inventory/sections/tuning";
import { parseYaml } from "../../../inventory/yaml/located";
import {
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
export function contradictionsIn(
	yaml: string,
	programs = "{}",
): readonly Problem[] {
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
	return found;
}

export const banned = "irqbalance: {bannedCpus: 2-3}";

type Contradiction = readonly [yaml: string, other: string];

/** Tuning, and the key that contradicts the one at the problem's place. */
export const contradictions: readonly Contradiction[] = [
	...["irqbalance", "irqbalance.service"].flatMap(
		(unit): readonly Contradiction[] => [
			[`irqbalance: off\nservices: {${unit}: {state: running}}`, "irqbalance"],
			[`irqbalance: off\nservices: {${unit}: {enabled: yes}}`, "irqbalance"],
			[`irqbalance: off\nservices: {${unit}: {enabled: no}}`, "irqbalance"],
			[
				`${banned}\nservices: {${unit}: {state: stopped}}`,
				"irqbalance.bannedCpus",
			],
			[
				`${banned}\nservices: {${unit}: {enabled: no}}`,
				"irqbalance.bannedCpus",
			],
			[
				`${banned}\nservices: {${unit}: {enabled: masked}}`,
				"irqbalance.bannedCpus",
			],
		],
	),
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
];
