/** Keys that no host can satisfy together are a problem of the inventory. */
import {
	banned,
	contradictions,
	contradictionsIn,
} from "../broken/contradictions";

/** The first words of each problem, which name the other key. */
function found(yaml: string, programs?: string): readonly string[] {
	return contradictionsIn(yaml, programs).map(
		({ line, col, path, message }) =>
			`${line}:${col} ${path} ${message.split(/[ :]/, 2).join(" ")}`,
	);
}

test("a problem has the place of one key, and names the other", () => {
	expect(
		found(
			"irqbalance: off\nservices:\n  irqbalance.service: {enabled: masked, state: running}\n",
		),
	).toEqual([
		"3:41 tuning.services.irqbalance.service.state contradicts irqbalance",
	]);
});

test.each(contradictions)("%j contradicts %s", (yaml, other) => {
	expect(found(yaml)).toEqual([
		expect.stringMatching(
			new RegExp(`^\\d+:\\d+ tuning\\..* contradicts ${other}$`),
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
	expect(found(yaml)).toEqual([]);
});

test("a file that an application writes too is a problem", () => {
	const application = (path: string) =>
		`fx: {path: /usr/bin/fx, files: [{path: ${path}, content: y}]}`;
	const files = "files: {/etc/fx.conf: {content: x}}";
	expect(found(files, application("/etc/fx.conf"))).toEqual([
		"1:9 tuning.files./etc/fx.conf contradicts applications.fx",
	]);
	expect(found(files, application("/etc/other.conf"))).toEqual([]);
});
