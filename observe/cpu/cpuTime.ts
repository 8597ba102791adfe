/** What a CPU did with its time, whoever counted it: mpstat or the kernel. */

/** Shares of a stretch of time, in percent. */
export interface CpuTime {
	readonly irq: number;
	readonly soft: number;
	/** What a hypervisor gave to others. */
	readonly steal: number;
	readonly iowait: number;
	readonly idle: number;
}

/** By CPU; a CPU that was offline, or of which nothing is known, is not there. */
export type CpuTimes = ReadonlyMap<number, CpuTime>;

/** What was taken from the CPU's threads. */
export function interruptPercent({ irq, soft, steal }: CpuTime): number {
	return irq + soft + steal;
}

/** What was used, by whomever. */
export function busyPercent({ iowait, idle }: CpuTime): number {
	return Math.max(0, 100 - iowait - idle);
}
