/** A stack that has deployed hosts, as `pulumi stack export` would print it. */

import { programFor } from "../../../host/assemble";
import type { HostSpec } from "../../../model/hostSpec";
import { mapsOf } from "../../../observe/drift/hostStateOutputs";

const stack = "urn:pulumi:dev::metaltune::";

function resourcesOf({ settings, ...spec }: HostSpec): readonly object[] {
	const component = "metaltune:index:TunedHost";
	const state = "metaltune:index:HostState";
	const urn = `${stack}${component}::${spec.name}`;
	const { reboot, rebootTimeoutSeconds } = spec.rollout;
	const outputs = {
		host: spec.name,
		connection: spec.connection,
		...mapsOf(settings),
		declared: {},
		unsupported: {},
		program: programFor(settings).hash,
		reboot,
		rebootTimeoutSeconds,
		applyRevision: 1,
		readyRevision: 1,
		uploadRevision: 0,
		pendingReboot: [],
	};
	return [
		{ urn, type: component, parent: `${stack}fleet`, inputs: spec },
		{
			urn: `${stack}${component}$${state}::${spec.name}`,
			type: state,
			parent: urn,
			outputs,
		},
		{
			urn: `${stack}${component}$command:remote:Command::${spec.name}-apply`,
			type: "command:remote:Command",
			parent: urn,
			inputs: { stdin: "# revision 1\nwanted\tx\n" },
		},
		{
			urn: `${stack}${component}$metaltune:index:HostReady::${spec.name}`,
			type: "metaltune:index:HostReady",
			parent: urn,
			outputs: { readyRevision: 1 },
		},
	];
}

/** The exported state after `pulumi up` of these hosts. */
export function exportOf(specs: readonly HostSpec[]): string {
	const resources = specs.flatMap(resourcesOf);
	return JSON.stringify({ version: 3, deployment: { resources } });
}
