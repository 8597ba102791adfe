/** Orders of rollouts: what may be under change at the same time. */
import fc from "fast-check";
import type { HostSpec } from "../../model/hostSpec";
import { rolloutOrder, type Turn } from "../../model/waves";

function hosts(
	group: string,
	count: number,
	rollout: { canary?: string; maxUnavailable?: number },
): readonly HostSpec[] {
	return Array.from({ length: count }, (_, index) => ({
		name: `${group}-${index}`,
		group,
		rollout,
	})) as unknown as readonly HostSpec[];
}

function chainsOf(turns: readonly Turn[]) {
	return turns.map(({ spec, after }) => `${after ?? ""}>${spec.name}`);
}

test.each([
	[{}, [">g-0", ">g-1", ">g-2"]],
	[{ canary: "g-1" }, [">g-1", "g-1>g-0", "g-1>g-2"]],
	[{ maxUnavailable: 1 }, [">g-0", "g-0>g-1", "g-1>g-2"]],
	[{ maxUnavailable: 2 }, [">g-0", ">g-1", "g-0>g-2"]],
	[{ maxUnavailable: 9 }, [">g-0", ">g-1", ">g-2"]],
	[{ canary: "g-2", maxUnavailable: 1 }, [">g-2", "g-2>g-0", "g-0>g-1"]],
])("%j", (rollout, expected) => {
	expect(chainsOf(rolloutOrder(hosts("g", 3, rollout)))).toEqual(expected);
});

test("groups do not wait for each other", () => {
	const turns = rolloutOrder([
		...hosts("a", 2, { maxUnavailable: 1 }),
		...hosts("b", 2, { canary: "b-1" }),
	]);
	expect(chainsOf(turns)).toEqual([">a-0", "a-0>a-1", ">b-1", "b-1>b-0"]);
});

/** Plays an order: at each step, one host that is under change gets ready. */
function play(turns: readonly Turn[], pick: (among: number) => number) {
	const waiting = new Set(turns);
	const under: string[] = [];
	const ready: string[] = [];
	let most = 0;
	for (;;) {
		for (const turn of waiting) {
			if (turn.after !== undefined && !ready.includes(turn.after)) continue;
			waiting.delete(turn);
			under.push(turn.spec.name);
		}
		most = Math.max(most, under.length);
		const [done] = under.splice(pick(under.length), 1);
		if (done === undefined) return { most, ready };
		ready.push(done);
	}
}

const group = fc.record({
	count: fc.integer({ min: 1, max: 30 }),
	maxUnavailable: fc.integer({ min: 1, max: 8 }),
	canary: fc.option(fc.nat({ max: 29 }), { nil: undefined }),
	picks: fc.array(fc.nat(), { minLength: 1 }),
});

test("in whatever order hosts become ready, never more than maxUnavailable at once", () => {
	fc.assert(
		fc.property(group, ({ count, maxUnavailable, canary, picks }) => {
			const named =
				canary === undefined ? {} : { canary: `g-${canary % count}` };
			const turns = rolloutOrder(
				hosts("g", count, { maxUnavailable, ...named }),
			);
			let step = 0;
			const { most, ready } = play(
				turns,
				(among) => (picks[step++ % picks.length] ?? 0) % Math.max(1, among),
			);
			expect(most).toBeLessThanOrEqual(maxUnavailable);
			expect(new Set(ready).size).toBe(count);
			if (named.canary !== undefined) expect(ready[0]).toBe(named.canary);
		}),
	);
});

test("dependents are those that wait, directly or not", () => {
	fc.assert(
		fc.property(group, ({ count, maxUnavailable, canary }) => {
			const named =
				canary === undefined ? {} : { canary: `g-${canary % count}` };
			const turns = rolloutOrder(
				hosts("g", count, { maxUnavailable, ...named }),
			);
			const after = new Map(turns.map((t) => [t.spec.name, t.after]));
			const waitsFor = (name: string, other: string): boolean => {
				const previous = after.get(name);
				return (
					previous !== undefined &&
					(previous === other || waitsFor(previous, other))
				);
			};
			for (const { spec, dependents } of turns) {
				const expected = [...after.keys()].filter((n) =>
					waitsFor(n, spec.name),
				);
				expect(dependents.toSorted()).toEqual(expected.toSorted());
			}
		}),
	);
});
