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

/** How to log in to a host, wherever it is. */
export interface Access {
	readonly port: number;
	readonly user: string;
	/** Run commands under `sudo -n`. */
	readonly become: boolean;
	/** Read where the connection is made; without it the SSH agent is asked. */
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
	/** The host's public key, `TYPE BASE64`; nothing is sent to any other. */
	readonly hostKey: string;
}

export const rebootPolicies = ["auto", "manual", "never"] as const;

/**
 * `auto` reboots when the boot layer is right and the live one waits for it;
 * `manual` reports and leaves it to a person; `never` refuses such settings.
 */
export type RebootPolicy = (typeof rebootPolicies)[number];

export const onDestroyPolicies = ["revert", "keep"] as const;

/** `revert` puts every value back; `keep` leaves the host as it is. */
export type OnDestroyPolicy = (typeof onDestroyPolicies)[number];

export interface Rollout {
	/** The host of the group that is changed before all others. */
	readonly canary?: string;
	/** Hosts of the group that may be under change at once; all when absent. */
	readonly maxUnavailable?: number;
	readonly reboot: RebootPolicy;
	/** How long a reboot may take before it counts as failed. */
	readonly rebootTimeoutSeconds: number;
	/**
	 * How long a host waits for a login before it undoes what could have cut
	 * that off.
	 */
	readonly rollbackSeconds: number;
	readonly onDestroy: OnDestroyPolicy;
}

interface Described {
	readonly name: string;
	/** The inventory file's name without `.yaml`. */
	readonly group: string;
	/** What it is a replica of: members of a shard are never down together. */
	readonly shard?: string;
	/** What the machine has to be; rules that need it are silent without. */
	readonly topology?: Topology;
	/** Tunable name to its decoded section. */
	readonly tuning: { readonly [tunable: string]: unknown };
	/** By name. */
	readonly applications: Applications;
	readonly rollout: Rollout;
	/** Rules that are broken on purpose; absent when there are none. */
	readonly exceptions?: Exceptions;
	/** What `tuning` and `applications` mean, in registry order, then by key. */
	readonly settings: readonly Setting[];
}

/** A machine that is there, at an address the inventory knows. */
export interface MachineSpec extends Described {
	readonly connection: Connection;
	readonly aws?: never;
}

/** An EC2 instance: its address and host key exist only once it does. */
export interface InstanceSpec extends Described {
	readonly connection: Access;
	readonly aws: AwsSpec;
}

export type HostSpec = MachineSpec | InstanceSpec;
