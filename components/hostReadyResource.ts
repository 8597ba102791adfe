/**
 * The resource class of `metaltune:index:HostReady`; provider/hostReadyProvider.ts
 * implements it.
 */
import * as pulumi from "@pulumi/pulumi";
import type { RebootPolicy } from "../model/hostSpec";
import type { HostStatus } from "../provider/verification";
import type { ConnectionArgs } from "./connectionArgs";

export interface HostReadyArgs {
	/** The host's name in the inventory. */
	readonly host: string;
	readonly connection: ConnectionArgs;
	readonly readyRevision: pulumi.Input<number>;
	/** SHA-256 of the settings' text. */
	readonly settingsHash: string;
	readonly reboot: RebootPolicy;
	readonly rebootTimeoutSeconds: number;
	readonly rollbackSeconds: number;
}

export class HostReady extends pulumi.CustomResource {
	declare readonly bootId: pulumi.Output<HostStatus["bootId"]>;
	declare readonly verdicts: pulumi.Output<HostStatus["verdicts"]>;
	declare readonly pendingReboot: pulumi.Output<HostStatus["pendingReboot"]>;
	declare readonly unsupported: pulumi.Output<HostStatus["unsupported"]>;

	constructor(
		name: string,
		args: HostReadyArgs,
		options: pulumi.CustomResourceOptions,
	) {
		super(
			"metaltune:index:HostReady",
			name,
			{
				...args,
				bootId: undefined,
				verdicts: undefined,
				pendingReboot: undefined,
				unsupported: undefined,
			},
			options,
		);
	}
}
