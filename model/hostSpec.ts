/**
 * One host as the inventory describes it: plain JSON data, so that policies,
 * state and previews see exactly what was written.
 */
import type { Applications } from "./application";
import type { AwsSpec } from "./ec2";
import type { Exceptions } from "./exceptions";
import type { Setting } from "./settings";
import type { Timeouts } from "./timeouts";
import type { Topology } from "./topology";

/** How to log in to a host, without its address. */
export interface Access {
	readonly port: number;
	readonly user: string;
	/** Run commands under `sudo -n`. */
	readonly become: boolean;
	/** `TYPE BASE64`: the only one of the SSH agent's keys that is offered. */
	readonly agentKey?: string;
	/** Read on the machine that runs Pulumi; without it the SSH agent is asked. */
	readonly privateKeyFile?: string;
	/** Name of the Pulumi config secret that holds the private key. */
	readonly privateKeySecret?: string;
	/** Name of the Pulumi config secret that holds the password. */
	readonly passwordSecret?: string;
	/** At most one hop; a proxy has no proxy. */
	readonly proxy?: Omit<Connection, "become" | "proxy" | "timeouts">;
	/** Limits of the host program's verbs; absent when none is declared. */
	readonly timeouts?: Timeouts;
}

/** How to reach a host. */
export interface Connection extends Access {
	/** Name or address. */
	readonly host: string;
	/**
	 * The host's public key, `TYPE BASE64`; a host with another key is refused.
	 */
	readonly hostKey: string;
}

export const rebootPolicies = ["auto", "manual", "never"] as const;

/**
 * `auto` reboots when the boot layer is right and the live layer still differs.
 * `manual` reports that and leaves the reboot to the operator. `never` refuses
 * settings that need a reboot.
 */
export type RebootPolicy = (typeof rebootPolicies)[number];

export const onDestroyPolicies = ["revert", "keep"] as const;

/** `revert` restores every value; `keep` leaves the host unchanged. */
export type OnDestroyPolicy = (typeof onDestroyPolicies)[number];

export interface Rollout {
	/** The host of the group that is changed before all others. */
	readonly canary?: string;
	/**
	 * How many hosts of the group may change at the same time; all when absent.
	 */
	readonly maxUnavailable?: number;
	readonly reboot: RebootPolicy;
	/** How long a reboot may take before it counts as failed. */
	readonly rebootTimeoutSeconds: number;
	/**
	 * How long a host waits for a login before it reverts a change that may have
	 * cut the login.
	 */
	readonly rollbackSeconds: number;
	readonly onDestroy: OnDestroyPolicy;
}

interface Described {
	readonly name: string;
	/** The inventory file's name without `.yaml`. */
	readonly group: string;
	/**
	 * The set of replicas it belongs to; members of a shard are never down
	 * together.
	 */
	readonly shard?: string;
	/**
	 * The hardware that the machine must have; rules that need it are skipped
	 * without it.
	 */
	readonly topology?: Topology;
	/** Tunable name to its decoded section. */
	readonly tuning: { readonly [tunable: string]: unknown };
	/** By name. */
	readonly applications: Applications;
	readonly rollout: Rollout;
	/** Rules that are broken on purpose; absent when there are none. */
	readonly exceptions?: Exceptions;
	/**
	 * The settings of `tuning` and `applications`, in registry order, then by key.
	 */
	readonly settings: readonly Setting[];
}

/** An existing machine, at an address in the inventory. */
export interface MachineSpec extends Described {
	readonly connection: Connection;
	readonly aws?: never;
}

/** An EC2 instance; its address and host key are known only once it exists. */
export interface InstanceSpec extends Described {
	readonly connection: Access;
	readonly aws: AwsSpec;
}

export type HostSpec = MachineSpec | InstanceSpec;
