/** How a CPU spent its time, counted by mpstat or by the kernel. */

/** Shares of an interval, in percent. */
export interface CpuTime {
	readonly irq: number;
	readonly soft: number;
	/** What the hypervisor gave to other guests. */
	readonly steal: number;
	readonly iowait: number;
	readonly idle: number;
}

/** By CPU, without CPUs that were offline or have no known values. */
export type CpuTimes = ReadonlyMap<number, CpuTime>;

/** The share that the CPU's threads lost. */
export function interruptPercent({ irq, soft, steal }: CpuTime): number {
	return irq + soft + steal;
}

/** The share that was used, by anything. */
export function busyPercent({ iowait, idle }: CpuTime): number {
	return Math.max(0, 100 - iowait - idle);
}
