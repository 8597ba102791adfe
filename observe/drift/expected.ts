/**
 * What a stack should hold of a host even if its last `pulumi up` did not get
 * that far, and whether that run completed.
 */
import type { HostSpec } from "../../model/hostSpec";
import { rolloutOrder } from "../../model/waves";
import type { RemoteConnection } from "../../ssh/remoteConnection";
import type { StackTarget } from "./fromStack";
import { undeployedChanges } from "./undeployed";

/** The part of a stack's host that is needed here. */
interface Known {
	readonly name: string;
	/** Of everything that belongs to the host, as far as the state has it. */
	readonly urns: readonly string[];
}

/** The targets that make `pulumi` deploy all of a host. */
function expectedUrns(spec: HostSpec, component: string) {
	const { name, applications } = spec;
	const [stack, project, type] = component.split("::");
	const child = (of: string, as: string) =>
		[stack, project, `${type}$${of}`, as].join("::");
	const names = Object.keys(applications);
	const uploads = names.filter((each) => applications[each]?.binary);
	return [
		component,
		child("metaltune:index:HostState", name),
		child("command:remote:Command", `${name}-apply`),
		child("metaltune:index:HostReady", name),
		...uploads.map((each) =>
			child("command:remote:CopyToRemote", `${name}-${each}`),
		),
		...(names.length === 0
			? []
			: [child("command:remote:Command", `${name}-deploy`)]),
	];
}

/**
 * Hosts that cannot be deployed now, because an earlier host in their rollout
 * was never deployed. Pulumi refuses a resource whose dependency does not
 * exist.
 *
 * @param chosen names of the hosts to deploy.
 * @returns the name of each, and the host that it waits for.
 */
export function blockedHosts(
	specs: readonly HostSpec[],
	known: readonly Known[],
	chosen: readonly string[],
): ReadonlyMap<string, string> {
	const isProved = ({ name, applications }: HostSpec) => {
		const proof =
			Object.keys(applications).length === 0
				? `HostReady::${name}`
				: `Command::${name}-deploy`;
		const urns = known.find((host) => host.name === name)?.urns ?? [];
		return urns.some((urn) => urn.endsWith(proof));
	};
	const proved = new Set(specs.filter(isProved).map(({ name }) => name));
	const blocked = new Map<string, string>();
	for (const { spec, after } of rolloutOrder(specs)) {
		const waits = after !== undefined && !proved.has(after);
		if (chosen.includes(spec.name) && waits) blocked.set(spec.name, after);
		else if (chosen.includes(spec.name)) proved.add(spec.name);
	}
	return blocked;
}

type Login = Pick<RemoteConnection, "host" | "port" | "hostKey">;

function moved<To extends Login>(
	login: To,
	{ host, port, hostKey }: Login,
): To {
	return { ...login, host, port, hostKey };
}

/**
 * The login to a reinstalled machine: the deployed login with the inventory's
 * current host key. Undefined where no key has changed.
 */
function loginByNewKey(
	deployed: RemoteConnection,
	given: HostSpec["connection"],
): RemoteConnection | undefined {
	if (!("host" in given)) return undefined;
	const proxies = deployed.proxy !== undefined && given.proxy !== undefined;
	const isNew =
		deployed.hostKey !== given.hostKey ||
		(proxies && deployed.proxy?.hostKey !== given.proxy?.hostKey);
	if (!isNew) return undefined;
	const login = moved(deployed, given);
	return deployed.proxy !== undefined && given.proxy !== undefined
		? { ...login, proxy: moved(deployed.proxy, given.proxy) }
		: login;
}

/** For each host in the inventory, what its repair would deploy as well. */
export function undeployedOf(
	targets: readonly StackTarget[],
	specs: readonly HostSpec[],
) {
	return new Map(
		targets.flatMap((target) => {
			const spec = specs.find(({ name }) => name === target.name);
			return spec === undefined
				? []
				: [[target.name, undeployedChanges(target, spec)] as const];
		}),
	);
}

/**
 * The hosts with their current keys, and the names of those whose key differs
 * from the deployed one.
 */
export function throughNewKeys(
	targets: readonly StackTarget[],
	specs: readonly HostSpec[],
) {
	const renewed = new Set<string>();
	const reachable = targets.map((target): StackTarget => {
		const spec = specs.find(({ name }) => name === target.name);
		if (typeof target.connection === "string" || spec === undefined) {
			return target;
		}
		const connection = loginByNewKey(target.connection, spec.connection);
		if (connection === undefined) return target;
		renewed.add(target.name);
		return { ...target, connection };
	});
	return { reachable, renewed };
}

/** The targets that make `pulumi` touch all of a host, and no other host. */
export function allUrns(
	{ name, urns }: StackTarget,
	specs: readonly HostSpec[],
): readonly string[] {
	const spec = specs.find((each) => each.name === name);
	const component = urns.find((urn) => urn.includes("TunedHost::"));
	return spec === undefined || component === undefined
		? urns
		: [...urns, ...expectedUrns(spec, component)];
}

/** Hosts whose state lacks something, or comes from a run that did not end. */
export function unfinishedOf(
	targets: readonly StackTarget[],
	specs: readonly HostSpec[],
): ReadonlySet<string> {
	const isWhole = (target: StackTarget) =>
		target.isComplete &&
		allUrns(target, specs).every((urn) => target.urns.includes(urn));
	return new Set(
		targets.filter((each) => !isWhole(each)).map(({ name }) => name),
	);
}

/** A sentence per host of the inventory that the stack does not have. */
export function notDeployed(
	targets: readonly StackTarget[],
	specs: readonly HostSpec[],
): readonly string[] {
	return specs
		.filter(({ name }) => !targets.some((each) => each.name === name))
		.map(
			({ name }) =>
				`${name}: is not in the stack yet; deploy it with \`pulumi up\``,
		);
}
