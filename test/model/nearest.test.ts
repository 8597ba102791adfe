/** What a typo is answered with. */
import { nearest, suggestion } from "../../model/nearest";

const known = ["isolcpus", "nohz_full", "rcu_nocbs", "smt"];

test.each([
	["isolcpu", "isolcpus"],
	["islocpus", "isolcpus"],
	["ISOLCPUS", "isolcpus"],
	["nohzfull", "nohz_full"],
	["stm", "smt"],
])("%s probably means %s", (word, meant) => {
	expect(nearest(word, known)).toBe(meant);
});

test.each(["governor", "x", "", "i".repeat(100_000)])(
	"a word like nothing known has no suggestion",
	(word) => {
		expect(nearest(word, known)).toBeUndefined();
		expect(suggestion(word, known)).toBe("");
	},
);

test("the nearest of several wins", () => {
	expect(nearest("rxUsec", ["txUsecs", "rxUsecs"])).toBe("rxUsecs");
});

test("a suggestion reads as the end of a sentence", () => {
	expect(suggestion("isolcpu", known)).toBe(", did you mean isolcpus?");
});
