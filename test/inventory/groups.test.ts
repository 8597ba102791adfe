/** Which groups a stack manages. */
import { GroupsError, hostsOfGroups } from "../../inventory/groups";
import type { HostSpec } from "../../model/hostSpec";

const specs = ["raven", "raven", "fx-store"].map((group, index) => ({
	name: `h${index}`,
	group,
})) as unknown as readonly HostSpec[];

const names = (chosen: unknown) =>
	hostsOfGroups(specs, chosen).map(({ name }) => name);

test("all, or those of the groups that are named", () => {
	expect(names(undefined)).toEqual(["h0", "h1", "h2"]);
	expect(names(["raven"])).toEqual(["h0", "h1"]);
	expect(names(["fx-store", "raven"])).toEqual(["h0", "h1", "h2"]);
});

test.each([
	[["ravn"], 'got "ravn", did you mean raven?; known: raven, fx-store'],
	[["a b", 3], 'got "a b"; "3"; known: raven, fx-store'],
	[[], 'got "[]"'],
	["raven", String.raw`got "\"raven\""`],
	[{ raven: true }, "got "],
])("%j is refused", (chosen, text) => {
	expect(() => names(chosen)).toThrow(GroupsError);
	expect(() => names(chosen)).toThrow(
		`metaltune:groups in the stack's config: expected a list of group names, such as [fx-store, raven], ${text}`,
	);
});
