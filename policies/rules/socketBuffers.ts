/** The maximum of tcp_rmem has no effect above rmem_max. */

import { sysctlOf } from "../declaredTuning";
import type { HostRule } from "../rule";

/** Default of both on 64 bits: SK_RMEM_MAX. */
const kernelDefault = 212_992;

const pairs = [
	["net.ipv4.tcp_rmem", "net.core.rmem_max"],
	["net.ipv4.tcp_wmem", "net.core.wmem_max"],
] as const;

export const socketBuffers: HostRule = {
	name: "socketBuffers",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	demand:
		"tcp_rmem and tcp_wmem ascend, and their maxima are within rmem_max and wmem_max",
	reason:
		"rmem_max and wmem_max limit setsockopt. An application that sets its buffer gets less than one that does not, without an error",
	source:
		"Documentation/networking/ip-sysctl.rst, tcp_rmem; Documentation/admin-guide/sysctl/net.rst",
	judge: (host) =>
		pairs.flatMap(([tcp, core]) => {
			const declared = sysctlOf(host, tcp);
			if (declared === undefined) return [];
			const sizes = declared.split(/\s+/).map(Number);
			const [least = 0, start = 0, most = 0] = sizes;
			const path = `tuning.sysctl.${tcp}`;
			if (sizes.length !== 3 || least > start || start > most) {
				return [
					{
						host: host.name,
						path,
						wrong: `is ${declared}, which is not an ascending minimum, default and maximum`,
						right: "write three ascending numbers of bytes",
					},
				];
			}
			const limit = sysctlOf(host, core);
			return most <= Number(limit ?? kernelDefault)
				? []
				: [
						{
							host: host.name,
							path,
							wrong: `has a maximum of ${most} bytes, but ${core} is ${limit ?? `not declared, so it is ${kernelDefault}`}`,
							right: `write ${core}: {atLeast: ${most}}`,
						},
					];
		}),
};
