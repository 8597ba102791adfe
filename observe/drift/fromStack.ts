/**
 * Hosts as a stack has deployed them, from the stack's exported state: their
 * logins with every secret, and the settings declared at deployment.
 */

import { settingOrder as order } from "../../applications/sections";
import { programFor } from "../../host/assemble";
import { isOfRevision } from "../../host/protocol";
import { rebootPolicies } from "../../model/hostSpec";
import {
	type Fields,
	fieldsOf,
	listOf,
	textOf,
	textsOf,
} from "../../model/plainData";
import { settingId } from "../../model/settings";
import type { Timeouts } from "../../model/timeouts";
import {
	describeLogin,
	type RemoteConnection,
} from "../../ssh/remoteConnection";
import {
	declaredSettings,
	expectedProgram,
	type HostStateOutputs,
	settingsOf,
} from "./hostStateOutputs";
import { openSecrets } from "./pulumiSecrets";
import type { Proof, Target } from "./target";

/** A host of a stack, with the targets that make `pulumi` touch only it. */
export interface StackTarget extends Target {
	/** Of everything that belongs to the host, as far as the state has it. */
	readonly urns: readonly string[];
	/** The description it was last deployed from, without its settings. */
	readonly description: Fields;
	/** Whether its whole state comes from one run that completed. */
	readonly isComplete: boolean;
}

interface Resource {
	readonly urn: string;
	readonly type: string;
	readonly parent: unknown;
	readonly modified: unknown;
	readonly inputs: unknown;
	readonly outputs: unknown;
}

function timeoutsOf(value: unknown, where: string): Timeouts {
	const given = fieldsOf(value, where);
	return Object.fromEntries(
		Object.entries(given).map(([key, seconds]) => [key, Number(seconds)]),
	);
}

function loginOf(value: unknown, where: string): RemoteConnection {
	const { host, port, user, hostKey, become, proxy, timeouts, ...rest } =
		fieldsOf(value, where);
	const ways = [
		"agentKey",
		"privateKeyFile",
		"privateKey",
		"password",
	] as const;
	const named = ways.filter((name) => rest[name] !== undefined);
	const shown = named.map((name) => [
		name,
		textOf(rest[name], `${where}.${name}`),
	]);
	return {
		host: textOf(host, `${where}.host`),
		port: Number(port),
		user: textOf(user, `${where}.user`),
		hostKey: textOf(hostKey, `${where}.hostKey`),
		become: become === true,
		...Object.fromEntries(shown),
		...(proxy === undefined ? {} : { proxy: loginOf(proxy, `${where}.proxy`) }),
		...(timeouts === undefined
			? {}
			: { timeouts: timeoutsOf(timeouts, `${where}.timeouts`) }),
	};
}

function stateOf(outputs: unknown, urn: string): HostStateOutputs {
	const fields = fieldsOf(openSecrets(outputs), urn);
	const text = (name: string) => textOf(fields[name], `${urn}.${name}`);
	const texts = (name: string) => textsOf(fields[name], `${urn}.${name}`);
	return {
		host: text("host"),
		connection: loginOf(fields.connection, `${urn}.connection`),
		settings: texts("settings"),
		declared: texts("declared"),
		rules: texts("rules"),
		unsupported: texts("unsupported"),
		program: text("program"),
		reboot: rebootPolicies.find((each) => each === fields.reboot) ?? "auto",
		rebootTimeoutSeconds: Number(fields.rebootTimeoutSeconds),
		applyRevision: Number(fields.applyRevision),
		readyRevision: Number(fields.readyRevision),
		uploadRevision: Number(fields.uploadRevision ?? 0),
		pendingReboot: listOf(fields.pendingReboot, `${urn}.pendingReboot`).map(
			(id) => textOf(id, `${urn}.pendingReboot`),
		),
	};
}

function resourcesOf(exported: string): readonly Resource[] {
	const { deployment } = fieldsOf(JSON.parse(exported), "state");
	const { resources = [] } = fieldsOf(deployment, "state.deployment");
	return listOf(resources, "state.deployment.resources")
		.map((each, index): Fields => fieldsOf(each, `state.resources[${index}]`))
		.filter((each) => each.delete !== true)
		.map(({ urn, type, parent, modified, inputs, outputs }) => ({
			urn: textOf(urn, "state.resources.urn"),
			type: textOf(type, "state.resources.type"),
			parent,
			modified,
			inputs,
			outputs,
		}));
}

/**
 * The commit of the run whose time includes the moment, from the stack's
 * history.
 */
function commitAt(history: readonly unknown[], time: string) {
	const at = Date.parse(time);
	const run = history
		.map((each) => fieldsOf(each, "history"))
		.find(({ kind, startTime, endTime }) => {
			// The history has a resolution of seconds.
			const from = Date.parse(String(startTime));
			const to = Date.parse(String(endTime)) + 1000;
			return kind === "update" && from <= at && at <= to;
		});
	const environment = fieldsOf(run?.environment ?? {}, "history.environment");
	const commit = environment["git.head"];
	return typeof commit === "string" ? { commit: commit.slice(0, 12) } : {};
}

function proofOf(
	ready: Resource | undefined,
	history: readonly unknown[],
): { readonly proof?: Proof } {
	if (ready === undefined || typeof ready.modified !== "string") return {};
	const { bootId } = fieldsOf(ready.outputs, ready.urn);
	return {
		proof: {
			time: new Date(ready.modified).toISOString(),
			bootId: textOf(bootId, `${ready.urn}.bootId`),
			...commitAt(history, ready.modified),
		},
	};
}

/** A component, its children, and theirs. */
function familyOf(
	urn: unknown,
	resources: readonly Resource[],
): readonly Resource[] {
	const children = resources.filter(({ parent }) => parent === urn);
	return [
		...resources.filter((each) => each.urn === urn),
		...children.flatMap((each) => familyOf(each.urn, resources)),
	];
}

/** If a run fails after HostState, later resources keep their older state. */
function isComplete(
	{ readyRevision, applyRevision }: HostStateOutputs,
	ready: Resource | undefined,
	family: readonly Resource[],
): boolean {
	const commands = family.filter(
		({ type }) => type === "command:remote:Command",
	);
	return (
		ready !== undefined &&
		fieldsOf(ready.outputs, ready.urn).readyRevision === readyRevision &&
		commands.every(({ urn, inputs }) =>
			isOfRevision(
				String(fieldsOf(openSecrets(inputs), urn).stdin),
				applyRevision,
			),
		)
	);
}

function targetOf(
	resource: Resource,
	family: readonly Resource[],
	history: readonly unknown[],
): StackTarget {
	const state = stateOf(resource.outputs, resource.urn);
	const settings = settingsOf(
		{ settings: declaredSettings(state), rules: state.rules },
		order,
	);
	const ofType = (name: string) =>
		family.find(({ type }) => type === `metaltune:index:${name}`);
	const ready = ofType("HostReady");
	const component = ofType("TunedHost");
	return {
		name: state.host,
		login: describeLogin(state.connection),
		connection: state.connection,
		settings,
		deployed: true,
		program: expectedProgram(state) ?? programFor(settings).hash,
		accepts: ({ setting, verdict }) =>
			verdict === "unsupported" ||
			(verdict === "pendingReboot" &&
				state.pendingReboot.includes(settingId(setting))),
		otherSettings:
			"was last given other settings than this stack deployed: another stack manages it too, or its last `pulumi up` did not end",
		awaited: state.pendingReboot,
		urns: family.map(({ urn }) => urn),
		isComplete: isComplete(state, ready, family),
		description: fieldsOf(component?.inputs ?? {}, `${component?.urn}.inputs`),
		...proofOf(ready, history),
	};
}

/**
 * One target per host that a stack has deployed.
 *
 * @param exported the output of `pulumi stack export --show-secrets`.
 * @param history the output of `pulumi stack history --json`.
 * @throws Error when the state is not in this version's format.
 */
export function stackTargets(
	exported: string,
	history: string,
): readonly StackTarget[] {
	const resources = resourcesOf(exported);
	const runs = listOf(JSON.parse(history), "history");
	return resources
		.filter(({ type }) => type === "metaltune:index:HostState")
		.map((state) => targetOf(state, familyOf(state.parent, resources), runs))
		.toSorted((a, b) => Number(a.name > b.name) - Number(a.name < b.name));
}
