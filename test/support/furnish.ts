/** What a guide takes for granted of a host, and a simulated host does not have. */
import type { FakeHost } from "./hostRun";

const packageDatabase = "var/lib/dpkg/packages.lab";

/**
 * Gives a host the guides' XDP object, these Debian packages, and memory for
 * the largest of their huge page pools on both nodes.
 */
export function furnishForGuides(
	host: FakeHost,
	packages: readonly string[],
): void {
	host.write("usr/local/lib/xdp_prog.o", "an object with the section xdp\n");
	const rows = packages.map((name) => `${name} ii 1-1 -`);
	const installed = host.read(packageDatabase).trimEnd().split("\n");
	const all = [...installed, ...rows].toSorted();
	host.write(packageDatabase, `${all.join("\n")}\n`);
	for (const node of ["node0", "node1"]) {
		const meminfo = `sys/devices/system/node/${node}/meminfo`;
		const enough = host.read(meminfo).replace(/(?<=MemFree: +)\d+/, "33554432");
		host.write(meminfo, enough);
	}
}
