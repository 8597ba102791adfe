/** An application as the inventory declares it. */
import type { Capability } from "./capabilities";
import type { CpuSet } from "./cpuSet";

/**
 * How numactl(8) starts a program; nodes in normal form, such as `0-1`, or
 * `all`.
 */
export interface Numactl {
	/** Runs on the CPUs of these nodes only. */
	readonly cpunodebind?: string;
	/** Takes memory from these nodes only. */
	readonly membind?: string;
	/** Takes memory from these nodes in turn. */
	readonly interleave?: string;
	/** Takes memory from this node while it has free memory. */
	readonly preferred?: number;
	/** Takes memory from the node it runs on. */
	readonly localalloc?: boolean;
}

/** Names as in sched(7). */
export const schedulingPolicies = [
	"other",
	"batch",
	"idle",
	"fifo",
	"rr",
] as const;

export type SchedulingPolicy = (typeof schedulingPolicies)[number];

export interface Scheduler {
	readonly policy: SchedulingPolicy;
	/** 1 to 99, for fifo and rr. */
	readonly priority?: number;
}

/** Threads of one name. */
export interface ThreadGroup {
	readonly cpus?: CpuSet;
	readonly policy?: SchedulingPolicy;
	readonly priority?: number;
}

/** By name, as /proc/PID/task/TID/comm has it; a name may end with `*`. */
export type Threads = { readonly [name: string]: ThreadGroup };

/** A configuration file that is part of a release. */
export interface ReleaseFile {
	/** In the release's directory, or absolute. */
	readonly path: string;
	readonly content?: string;
	/** The file that holds the content, with its path as problems show it. */
	readonly source?: string;
	/** A key of the stack's config whose value is the content. */
	readonly contentSecret?: string;
	/** Octal. */
	readonly mode?: string;
}

/** How a deployment checks that an application works: one of three checks. */
export interface HealthCheck {
	readonly command?: readonly string[];
	/** A port on which the application listens. */
	readonly tcp?: number;
	/** A URL that must answer with `status`. */
	readonly http?: string;
	/** 200 when absent. */
	readonly status?: number;
	/** 30 when absent. */
	readonly timeoutSeconds?: number;
}

/** Soft and hard limit of a resource: a number as text, or `unlimited`. */
export interface ApplicationLimits {
	readonly core?: string;
	readonly memlock?: string;
	readonly nofile?: string;
	readonly nproc?: string;
	readonly rtprio?: string;
	readonly stack?: string;
}

/**
 * One application. Local paths are as problems show them, until
 * inventory/sections/artifacts.ts adds `sha256` and `content`.
 */
export interface ApplicationSpec {
	/** An executable, an archive, or a directory with `/` at its end. */
	readonly binary?: string;
	/** Of the file or archive that `binary` names. */
	readonly sha256?: string;
	/** A program that is already on the host. */
	readonly path?: string;
	/** The program in a directory or an archive. */
	readonly executable?: string;
	readonly args?: readonly string[];
	readonly environment?: { readonly [name: string]: string };
	/** root when absent. */
	readonly user?: string;
	readonly group?: string;
	readonly workingDirectory?: string;
	readonly files?: readonly ReleaseFile[];
	readonly numactl?: Numactl;
	readonly taskset?: CpuSet;
	readonly threads?: Threads;
	readonly nice?: number;
	readonly scheduler?: Scheduler;
	readonly limits?: ApplicationLimits;
	/** Whether it maps huge pages. */
	readonly hugetlbfs?: boolean;
	readonly capabilities?: readonly Capability[];
	readonly restart?: "no" | "on-failure" | "always";
	/** For policies. */
	readonly memoryGiB?: number;
	/** Whether it polls its NIC, for policies. */
	readonly busyPoll?: boolean;
	readonly health?: HealthCheck;
	readonly loadTest?: { readonly command: readonly string[] };
}

/** By name. */
export type Applications = { readonly [name: string]: ApplicationSpec };
