/** Microseconds that are paid for with the machine's secrets. */
import type { HostRule } from "../rule";
import { parameterOf, parameterPath } from "../tuning";

/** Values by which each parameter takes a mitigation away. */
const off: { readonly [parameter: string]: RegExp } = {
	mitigations: /^off/,
	nopti: /^/,
	pti: /^off$/,
	nospectre_v1: /^/,
	nospectre_v2: /^/,
	spectre_v2: /^off$/,
	spectre_v2_user: /^off$/,
	spec_store_bypass_disable: /^off$/,
	nospec_store_bypass_disable: /^/,
	l1tf: /^off$/,
	mds: /^off$/,
	tsx_async_abort: /^off$/,
	mmio_stale_data: /^off$/,
	retbleed: /^off$/,
	srbds: /^off$/,
	gather_data_sampling: /^off$/,
	reg_file_data_sampling: /^off$/,
	spec_rstack_overflow: /^off$/,
	spectre_bhi: /^off$/,
	indirect_target_selection: /^off$/,
	tsa: /^off$/,
	vmscape: /^off$/,
	"kvm.nx_huge_pages": /^off$/,
};

export const mitigations: HostRule = {
	name: "mitigations",
	topic: "security",
	scope: "host",
	severity: "mandatory",
	demand:
		"mitigations of CPU vulnerabilities stay on, but for a recorded exception",
	reason:
		"without them any code on the machine, in a browser or a container too, can read what the kernel and other programs hold in memory",
	source:
		"Documentation/admin-guide/hw-vuln/; kernel-parameters.txt, mitigations",
	judge: (host) =>
		Object.entries(off).flatMap(([name, pattern]) => {
			const value = parameterOf(host, name);
			// A parameter that is there several times has its values as words.
			const isOff = value?.split(" ").some((word) => pattern.test(word));
			return value === undefined || isOff !== true
				? []
				: [
						{
							host: host.name,
							path: parameterPath(host, name),
							wrong: `${value === "" ? "is set" : `is ${value}`}, which takes a mitigation away`,
							right:
								"leave it out, or record exceptions.mitigations with owner, reason and until",
						},
					];
		}),
};
