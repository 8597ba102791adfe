/**
 * Every host of a stack, in the order of the groups' rollouts, with its
 * status.
 */
import * as pulumi from "@pulumi/pulumi";
import type { HostSpec } from "../model/hostSpec";
import { rolloutOrder } from "../model/waves";
import type { HostStatus } from "../provider/verification";
import { mustBeBuilt } from "./deployment";
import { machineMaker } from "./machines";
import { TunedHost } from "./tunedHost";

// The SDK renders a stack trace for each of its thousands of promises, and the state
// keeps one of every resource.
const shownFrames = 3;

export class Fleet extends pulumi.ComponentResource {
	/** Host name to its status. */
	readonly status: pulumi.Output<{ readonly [host: string]: HostStatus }>;

	/**
	 * @param specs the hosts, as loadInventory returns them.
	 * @throws pulumi.RunError when a binary to deploy is not built.
	 */
	constructor(name: string, specs: readonly HostSpec[]) {
		super("metaltune:index:Fleet", name);
		mustBeBuilt(specs);
		// In a turn of the event loop of its own, a stack trace has a few frames
		// instead of twenty, which saves a third of the state.
		const ownTurn = new Promise((resolve) => setImmediate(resolve));
		this.status = pulumi.output(ownTurn.then(() => this.statusOf(specs)));
	}

	private statusOf(specs: readonly HostSpec[]) {
		Error.stackTraceLimit = shownFrames;
		const hosts = new Map<string, TunedHost>();
		const machineOf = machineMaker(this);
		for (const { spec, after, dependents } of rolloutOrder(specs)) {
			const previous = hosts.get(after ?? "");
			const turn = previous === undefined ? [] : [previous.proof];
			const machine = machineOf(spec, turn);
			const place = { machine, after: turn, dependents };
			hosts.set(spec.name, new TunedHost(spec, place, { parent: this }));
		}
		this.registerOutputs({});
		const known = [...hosts].map(
			([host, { status }]) => [host, status] as const,
		);
		return pulumi.output(Object.fromEntries(known));
	}
}
