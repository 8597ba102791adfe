/**
 * One tuned host: observe, apply, verify, deploy. "Data flow" in the
 * architecture guide says why these are several resources.
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
import type { HostStatus } from "../provider/verification";
import {
	type ConnectionArgs,
	commandConnectionArgs,
	connectionArgs,
} from "./connectionArgs";
import { deployment, withNextStep } from "./deployment";
import { HostReady } from "./hostReadyResource";
import { HostState } from "./hostStateResource";
import type { Machine } from "./machines";

// HostState has stored the settings on the host; the hash identifies them. The
// comment makes commands run again after a refresh found drift. Once the owner
// is set, the host belongs to this resource, under any earlier name.
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

// The content of files is sent to the host and kept in state, as a secret.
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
		// No `delete`: HostState reverts the host and reports failures in metaltune's
		// words. A machine that is gone must not block the removal of this resource.
		create: withNextStep(
			spec.name,
			callProgram(
				`apply --quiet --ready-follows --rollback=${rollbackSeconds}`,
				become,
				timeouts?.applySeconds ?? defaultTimeouts.applySeconds,
			),
		),
		// Not a trigger: triggers replace, and the old resource's delete would revert
		// the host after the new one's create tuned it.
		stdin: wanted,
		addPreviousOutputInEnv: false,
		logging: remote.Logging.Stderr,
	};
}

/** A host's place in its fleet. */
export interface Place {
	readonly machine: Machine;
	/** Resources that must be complete before this host is touched. */
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
	/** Known once the host is as declared and its applications are running. */
	readonly status: pulumi.Output<HostStatus>;
	/** The resource that the host's dependents wait for. */
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
		// Retained resources are removed from state without a call, which also works
		// for a machine that is gone. Terminating an instance destroys its tuning.
		// `deletedWith` would say the same, but a refresh drops it together with a
		// lost instance.
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
		// A resource's name is known once it is registered.
		this.status = pulumi
			.all([{ bootId, verdicts, pendingReboot, unsupported }, this.proof.urn])
			.apply(([known]) => known);
		this.registerOutputs({});
	}
}
