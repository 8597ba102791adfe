/** What a machine has to be, its shard, and rules it breaks on purpose. */
import { locationOf } from "../../../inventory/yaml/node";
import { group as groupOf } from "../broken/groups";
import { load } from "../inventoryDirectory";
import { tree as located } from "../trees";

const group = (lines: string, machine = "") => groupOf("m", lines, machine);

const topology =
	"topology:\n  threadsPerCore: 2\n  numaNodes: [{cpus: 0-15, memoryGiB: 64}]\n";

test("a topology is merged key by key, like tuning", () => {
	const [host] = load({
		"profiles/p.yaml": `${topology}  nics: {eth0: {numaNode: 0, maxRing: 4096}}`,
		"g.yaml": group(
			"extends: profiles/p\ntopology: {siblings: adjacent}",
			", topology: {threadsPerCore: 1, nics: {eth0: {maxCombined: 8}}}",
		),
	});
	expect(host?.topology).toEqual({
		threadsPerCore: 1,
		siblings: "adjacent",
		numaNodes: [{ cpus: "0-15", memoryGiB: 64 }],
		nics: { eth0: { numaNode: 0, maxRing: 4096, maxCombined: 8 } },
	});
});

test("a host without topology, shard and exceptions has none of the keys", () => {
	const [host = {}] = load({ "g.yaml": group("") });
	for (const key of ["topology", "shard", "exceptions"]) {
		expect(Object.hasOwn(host, key)).toBe(false);
	}
});

test("a shard and exceptions belong to the host", () => {
	const exception = { owner: "sre", reason: "lab", until: "2028-02-29" };
	const [host] = load({
		"g.yaml": group(
			`exceptions: {mitigations: ${JSON.stringify(exception)}}`,
			", shard: md-1",
		),
	});
	expect(host).toMatchObject({
		shard: "md-1",
		exceptions: { mitigations: exception },
	});
});

test("a path is located by its longest keys, a missing one by what is above", () => {
	const tree = located("a:\n  b.c: 1\n  b: {c: [5,\n      {d: 6}]}\n");
	const at = (path: string) => {
		const { line, col } = locationOf(tree, path);
		return [line, col];
	};
	expect(at("a")).toEqual([1, 1]);
	expect(at("a.b.c")).toEqual([2, 3]);
	expect(at("a.b")).toEqual([3, 3]);
	expect(at("a.b.c[1].d")).toEqual([2, 3]);
	expect(at("a.b.x")).toEqual([3, 3]);
	expect(at("a.bb")).toEqual([1, 1]);
	expect(at("")).toEqual([1, 1]);
	expect(at("nothing.here")).toEqual([1, 1]);
});
