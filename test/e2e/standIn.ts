/**
 * The program that stands for the binaries of the guides (standIn.c): built
 * into a project, and what it says of itself on the machine.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { MetalLab } from "./lab";

/** A thread's memory policy, as set_mempolicy(2) numbers it. */
export const bind = 2;
export const interleave = 3;
export const local = 4;
/** A scheduling policy, as sched(7) numbers it. */
export const fifo = 1;

export interface Thread {
	readonly name: string;
	readonly cpus: string;
	readonly policy: number;
	readonly priority: number;
	readonly nice: number;
	readonly memory: number;
	/** A bit per node. */
	readonly nodes: number;
}

/** What standIn.c writes. */
export interface StandIn {
	readonly uid: number;
	/** -1 without a page. */
	readonly hugePageNode: number;
	readonly pageNode: number;
	readonly xdpSocket: boolean;
	readonly args: readonly string[];
	readonly settings: readonly string[];
	readonly nofile: string;
	readonly memlock: string;
	readonly rtprio: string;
	readonly threads: readonly Thread[];
}

/** Builds it as `artifacts/stand-in` of a project. */
export function buildStandIn(directory: string): void {
	mkdirSync(join(directory, "artifacts"), { recursive: true });
	execFileSync("gcc", [
		...["-Wall", "-Wextra", "-Werror", "-O2", "-static", "-pthread"],
		...["-o", join(directory, "artifacts/stand-in")],
		join(__dirname, "standIn.c"),
	]);
}

/** The newest word of an application. */
export async function saidBy(
	lab: MetalLab,
	application: string,
): Promise<StandIn> {
	return JSON.parse(await lab.read(`/dev/shm/${application}.json`));
}
