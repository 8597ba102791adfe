/**
 * One tuned host: observe, apply, verify, deploy. See "Data flow" in the architecture
 * guide for why these are several resources and not one.
 */
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { programFor } from "../host/assemble";
import { settingsHash, wantedStream } from "../host/protocol";
import { callProgram } from "../host/shell";
import { judged } from "../inventory/judged";
import type { HostSpec } from "../model/hostSpec";
import { contentsOf } from "../model/settings";
import { defaultTimeouts } from "../model/timeouts";
import { mapsOf } from "../observe/drift/hostStateOutputs";
import type { Readiness } from "../provider/verification";
import {
	type ConnectionArgs,
	commandConnectionArgs,
	connectionArgs,
} from "./connectionArgs";
import { deployment, withNextStep } from "./deployment";
import { HostReady } from "./hostReady";
import { HostState } from "./hostState";
import type { Machine } from "./machines";

// HostState has left the settings on the host; the hash says which. The comment
// makes commands run again when a refresh found drift. From the owner on, the host
// belongs to this resource, whatever name it had before.
function wantedLine(spec: HostSpec, state: HostState) {
	const { name } = spec;
	const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
	const hash = settingsHash(spec.settings);
	return pulumi
		.all([state.applyRevision, state.owner])
		.apply(([revision, token]) =>
			wantedStream(
				revision,
				token === undefined ? undefined : { token, stack, name },
				hash,
			),
		);
}

// What files hold travels to the host and stays in the state, as a secret.
function contentsArgs({ settings }: HostSpec) {
	const contents = contentsOf(settings);
	return Object.keys(contents).length === 0
		? {}
		: { contents: pulumi.secret(contents) };
}

function applyArgs(
	spec: HostSpec,
	connection: ConnectionArgs,
	wanted: pulumi.Output<string>,
): remote.CommandArgs {
	const { become, timeouts } = spec.connection;
	const { rollbackSeconds } = spec.rollout;
	return {
		connection: commandConnectionArgs(connection),
		// No `delete`: HostState reverts the host, in its own words, and a machine
		// that is gone must not take this part of the stack with it.
		create: withNextStep(
			spec.name,
			callProgram(
				`apply --quiet --rollback=${rollbackSeconds}`,
				become,
				timeouts?.applySeconds ?? defaultTimeouts.applySeconds,
			),
		),
		// Not a trigger: those replace, and the old delete would revert the host
		// after the new create tuned it.
		stdin: wanted,
		addPreviousOutputInEnv: false,
		logging: remote.Logging.Stderr,
	};
}

/** A host's place in its fleet. */
export interface Place {
	readonly machine: Machine;
	/** What must be done before this host is touched. */
	readonly after: readonly pulumi.Resource[];
	/** Names of the hosts that wait for this one. */
	readonly dependents: readonly string[];
}

function stateArgs(
	spec: HostSpec,
	{ machine: { instanceId }, dependents }: Place,
	connection: ConnectionArgs,
) {
	const { reboot, rebootTimeoutSeconds } = spec.rollout;
	return {
		host: spec.name,
		connection,
		...mapsOf(spec.settings),
		...contentsArgs(spec),
		program: programFor(spec.settings).hash,
		reboot,
		rebootTimeoutSeconds,
		dependents,
		uploadRevision: 0,
		...(instanceId === undefined ? {} : { instanceId }),
	};
}

export class TunedHost extends pulumi.ComponentResource {
	/** Known once the host is as declared, and its applications are up. */
	readonly readiness: pulumi.Output<Readiness>;
	/** What a host that comes after this one waits for. */
	readonly proof: pulumi.Resource;

	constructor(
		spec: HostSpec,
		place: Place,
		options: pulumi.ComponentResourceOptions,
	) {
		super("metaltune:index:TunedHost", spec.name, judged(spec), options);
		const { name, rollout } = spec;
		const { reboot, rebootTimeoutSeconds, rollbackSeconds } = rollout;
		const { machine, after } = place;
		const { instanceId } = machine;
		const connection = connectionArgs(spec.connection, machine.endpoint);
		// Retained resources are forgotten without a call, also for a machine
		// that is gone. An instance takes with it what was tuned; `deletedWith`
		// would say so too, but a refresh forgets it with a lost instance.
		const kept = {
			parent: this,
			retainOnDelete: instanceId !== undefined || rollout.onDestroy === "keep",
		};
		const state = new HostState(name, stateArgs(spec, place, connection), {
			...kept,
			// A component's own dependsOn does not reach its children.
			dependsOn: [...after, ...machine.parts],
		});
		const wanted = wantedLine(spec, state);
		const apply = new remote.Command(
			`${name}-apply`,
			applyArgs(spec, connection, wanted),
			kept,
		);
		const ready = new HostReady(
			name,
			{
				host: name,
				connection,
				readyRevision: state.readyRevision,
				settingsHash: settingsHash(spec.settings),
				reboot,
				rebootTimeoutSeconds,
				rollbackSeconds,
			},
			{ ...kept, dependsOn: [apply] },
		);
		const { uploadRevision } = state;
		const target = { connection, instanceId, wanted, ready, uploadRevision };
		const deployed = deployment(spec, target, kept);
		this.proof = deployed ?? ready;
		const { bootId, verdicts, pendingReboot, unsupported } = ready;
		// The name of a resource is known once it has been made.
		this.readiness = pulumi
			.all([{ bootId, verdicts, pendingReboot, unsupported }, this.proof.urn])
			.apply(([known]) => known);
		this.registerOutputs({});
	}
}
