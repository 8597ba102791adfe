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

export class Fleet extends pulumi.ComponentResource {
	/** Host name to its status. */
	readonly status: pulumi.Output<{ readonly [host: string]: HostStatus }>;

	constructor(name: string, specs: readonly HostSpec[]) {
		super("metaltune:index:Fleet", name);
		mustBeBuilt(specs);
		const hosts = new Map<string, TunedHost>();
		const machineOf = machineMaker(this);
		for (const { spec, after, dependents } of rolloutOrder(specs)) {
			const previous = hosts.get(after ?? "");
			const turn = previous === undefined ? [] : [previous.proof];
			const machine = machineOf(spec, turn);
			const place = { machine, after: turn, dependents };
			hosts.set(spec.name, new TunedHost(spec, place, { parent: this }));
		}
		const known = [...hosts].map(
			([host, { status }]) => [host, status] as const,
		);
		this.status = pulumi.output(Object.fromEntries(known));
		this.registerOutputs({});
	}
}
