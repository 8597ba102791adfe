/** Every case of a rule about hosts, as the hosts that it describes. */
import type { HostSpec } from "../../model/hostSpec";
import { cpuCases, interruptCases, type RuleCase } from "./cases";
import {
	applicationCases,
	fleetCases,
	memoryCases,
	securityCases,
} from "./moreCases";
import { hostsWith } from "./policyHosts";

/** A case, whose hosts are read when they are needed. */
export interface HostCase extends Pick<RuleCase, "rule" | "name" | "finds"> {
	hosts(): readonly HostSpec[];
}

const ofInventories: readonly RuleCase[] = [
	...cpuCases,
	...interruptCases,
	...memoryCases,
	...applicationCases,
	...securityCases,
	...fleetCases,
];

/** The base's hosts; `change` gives the connection of each, by its index. */
function connected(change: (index: number) => object): readonly HostSpec[] {
	return hostsWith({}).flatMap((host, index) =>
		host.aws === undefined
			? [{ ...host, connection: { ...host.connection, ...change(index) } }]
			: [],
	);
}

/** The base's hosts at one address, each behind its own proxy. */
function behind(...proxies: readonly string[]): readonly HostSpec[] {
	const user = { user: "ops", port: 22, hostKey: "ssh-ed25519 AAAA" };
	return connected((index) => {
		const proxy = { ...user, host: proxies[index] ?? "" };
		return { host: "10.0.0.1", proxy };
	});
}

/** Cases that decoders refuse: only a Pulumi program can declare them. */
const ofPrograms: readonly HostCase[] = [
	{
		rule: "hostKeyPinned",
		name: "no host key",
		hosts: () => connected((index) => (index === 0 ? { hostKey: "" } : {})),
		finds: ["hostKey"],
	},
	{
		rule: "addressesUnique",
		name: "one address twice",
		hosts: () => connected(() => ({ host: "192.0.2.2" })),
		finds: ["address"],
	},
	{
		rule: "addressesUnique",
		name: "one address behind one proxy, in two spellings",
		hosts: () => behind("hop", "HOP"),
		finds: ["address"],
	},
	{
		rule: "addressesUnique",
		name: "one address behind two proxies",
		hosts: () => behind("hop", "other"),
		finds: [],
	},
];

export const allCases: readonly HostCase[] = [
	...ofInventories.map(({ change = {}, machines, ...about }) => ({
		...about,
		hosts: () => hostsWith(change, machines),
	})),
	...ofPrograms,
];
