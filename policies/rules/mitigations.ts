/** Without mitigations, programs can read each other's memory. */

import { parameterOf, parameterPath } from "../declaredTuning";
import type { HostRule } from "../rule";

/** Values with which each parameter switches a mitigation off. */
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
		"Mitigations of CPU vulnerabilities stay on, unless an exception is recorded",
	reason:
		"Without them, any code on the machine can read the memory of the kernel and of other programs. That includes code in a browser or a container",
	source:
		"Documentation/admin-guide/hw-vuln/; kernel-parameters.txt, mitigations",
	judge: (host) =>
		Object.entries(off).flatMap(([name, pattern]) => {
			const value = parameterOf(host, name);
			// A parameter that is declared several times has one word per value.
			const isOff = value?.split(" ").some((word) => pattern.test(word));
			return value === undefined || isOff !== true
				? []
				: [
						{
							host: host.name,
							path: parameterPath(host, name),
							wrong: `${value === "" ? "is set" : `is ${value}`}, which switches a mitigation off`,
							right:
								"remove it, or record exceptions.mitigations with owner, reason and until",
						},
					];
		}),
};
