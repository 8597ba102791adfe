/**
 * A well-described pair of hosts, read from YAML as a user's is, and
 * everything a test changes of them.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sections } from "../../applications/sections";
import { loadInventory } from "../../inventory/load";
import type { HostSpec } from "../../model/hostSpec";
import { ed25519 } from "../inventory/inventoryDirectory";

/** Sections of an inventory file, merged over the base; null removes. */
export interface Sections {
	readonly [section: string]: unknown;
}

export const base = `
connection: {user: ops}
topology:
  threadsPerCore: 2
  numaNodes:
    - {cpus: "0-7,16-23", memoryGiB: 64}
    - {cpus: "8-15,24-31", memoryGiB: 64}
  nics:
    eth0: {numaNode: 0, maxCombined: 8, maxRing: 4096}
    eno1: {numaNode: 1, management: true}
tuning:
  smt: off
  irqbalance: off
  kernelCommandLine: {isolcpus: "managed_irq,domain,4-7", nohz_full: 4-7, rcu_nocbs: 4-7}
  sysctl:
    net.core.rmem_max: {atLeast: 134217728}
    net.core.wmem_max: {atLeast: 134217728}
    net.ipv4.tcp_rmem: 4096 87380 134217728
    net.ipv4.tcp_wmem: 4096 65536 134217728
    kernel.sched_rt_runtime_us: 950000
  hugePages: {2M: {node0: 8192}}
  memory: {transparentHugePages: never, numaBalancing: off}
  ethtool:
    eth0:
      channels: {combined: 4}
      rings: {rx: 4096, tx: 4096}
      coalescing: {adaptiveRx: off, adaptiveTx: off, rxUsecs: 0, txUsecs: 0}
  irqAffinity: {eth0: 0-3, default: 0-3, others: 0-3}
  workqueue: {cpus: 0-3}
applications:
  engine:
    path: /usr/local/bin/engine
    user: app
    taskset: 4-7
    numactl: {cpunodebind: 0, membind: 0}
    hugetlbfs: true
    memoryGiB: 16
    busyPoll: true
    scheduler: {policy: fifo, priority: 10}
    limits: {memlock: unlimited, rtprio: 20, nofile: 65536}
rollout: {maxUnavailable: 1}
`;

const machines = {
	a: { address: "192.0.2.1", hostKey: ed25519(1) },
	b: { address: "192.0.2.2", hostKey: ed25519(2) },
};

type Machines = { readonly [name: string]: Sections };

/** Writes the base and a group that extends it; machines are a, b and more. */
export function writeInventory(
	directory: string,
	change: Sections,
	added: Machines = {},
): void {
	mkdirSync(join(directory, "profiles"), { recursive: true });
	writeFileSync(join(directory, "profiles/base.yaml"), base);
	const names = [...new Set([...Object.keys(machines), ...Object.keys(added)])];
	const given: Machines = machines;
	const all = names.map((name, index) => [
		name,
		{
			address: `192.0.2.${index + 1}`,
			hostKey: ed25519(index + 1),
			...given[name],
			...added[name],
		},
	]);
	// JSON is YAML.
	const group = {
		extends: "profiles/base",
		...change,
		machines: Object.fromEntries(all),
	};
	writeFileSync(join(directory, "g.yaml"), JSON.stringify(group));
}

const known = new Map<string, readonly HostSpec[]>();

/** The hosts of such an inventory. */
export function hostsWith(
	change: Sections,
	added: Machines = {},
): readonly HostSpec[] {
	const key = JSON.stringify([change, added]);
	const hosts = known.get(key) ?? loaded(change, added);
	known.set(key, hosts);
	return hosts;
}

function loaded(change: Sections, added: Machines): readonly HostSpec[] {
	const directory = mkdtempSync(join(tmpdir(), "policies-"));
	try {
		writeInventory(directory, change, added);
		return loadInventory(directory, sections);
	} finally {
		rmSync(directory, { recursive: true });
	}
}
