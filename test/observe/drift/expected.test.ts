/** Who can be repaired while others are down, and what pulumi is told. */
import {
	allUrns,
	blockedHosts,
	notDeployed,
} from "../../../observe/drift/expected";
import { ed25519, load } from "../../inventory/inventoryDirectory";

const machines = ["a", "b", "c"].map(
	(name, index) =>
		`  ${name}: {address: 192.0.2.${index + 1}, hostKey: ${ed25519()}}`,
);
const specs = load({
	"g.yaml": ["rollout: {maxUnavailable: 1}", "machines:", ...machines, ""].join(
		"\n",
	),
});
const base = "urn:pulumi:dev::metaltune::metaltune:index:Fleet$";

function known(name: string, ...types: readonly string[]) {
	const urns = types.map(
		(type) => `${base}metaltune:index:TunedHost$${type}::${name}`,
	);
	return { name, urns: [`${base}metaltune:index:TunedHost::${name}`, ...urns] };
}

const ready = "metaltune:index:HostReady";
const state = "metaltune:index:HostState";

test("a host waits for the one before it, unless that was ready once", () => {
	const all = [known("a", state), known("b", state), known("c", state)];
	expect([...blockedHosts(specs, all, ["b", "c"])]).toEqual([
		["b", "a"],
		["c", "b"],
	]);
	const once = [known("a", state, ready), known("b", state), known("c", state)];
	expect([...blockedHosts(specs, once, ["b", "c"])]).toEqual([]);
	expect([...blockedHosts(specs, once, ["c"])]).toEqual([["c", "b"]]);
});

test("a resource that an up did not reach is named by the component's own URN", () => {
	const target = { ...known("a", state), isComplete: false };
	expect(allUrns(target as never, specs)).toEqual(
		expect.arrayContaining([
			`${base}metaltune:index:TunedHost$command:remote:Command::a-apply`,
			`${base}metaltune:index:TunedHost$${ready}::a`,
		]),
	);
	expect(notDeployed([target as never], specs)).toEqual([
		"b: is not in the stack yet; deploy it with `pulumi up`",
		"c: is not in the stack yet; deploy it with `pulumi up`",
	]);
});
