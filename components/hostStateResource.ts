/**
 * The resource class of `metaltune:index:HostState`; provider/hostStateProvider.ts
 * implements it.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Contents } from "../model/settings";
import type { HostStateInputs } from "../observe/drift/hostStateOutputs";
import type { ConnectionArgs } from "./connectionArgs";

export interface HostStateArgs
	extends Omit<HostStateInputs, "connection" | "contents" | "instanceId"> {
	readonly connection: ConnectionArgs;
	readonly instanceId?: pulumi.Input<string>;
	readonly contents?: pulumi.Output<Contents>;
	/** Names of the hosts that wait for this one; not kept in state. */
	readonly dependents: readonly string[];
}

export class HostState extends pulumi.CustomResource {
	/** Changes when the host program has something to apply. */
	declare readonly applyRevision: pulumi.Output<number>;
	/** Changes when the host must be verified again. */
	declare readonly readyRevision: pulumi.Output<number>;
	/** Changes when a deployed artifact is no longer on the host. */
	declare readonly uploadRevision: pulumi.Output<number>;
	/** The token by which the host knows this resource; see provider/owner.ts. */
	declare readonly owner: pulumi.Output<string | undefined>;

	constructor(
		name: string,
		args: HostStateArgs,
		options: pulumi.CustomResourceOptions,
	) {
		super(
			"metaltune:index:HostState",
			name,
			{
				...args,
				applyRevision: undefined,
				readyRevision: undefined,
				owner: undefined,
			},
			options,
		);
	}
}
