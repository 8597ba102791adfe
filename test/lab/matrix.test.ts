/** The table of scenarios and releases, from what jest reports. */
import { join } from "node:path";
import { matrixOf, type ScenarioResult } from "../e2e/matrix";

function scenario(name: string, ...statuses: string[]): ScenarioResult {
	return {
		name: join(__dirname, "../e2e", `${name}.test.ts`),
		status: statuses.every((status) => status === "passed")
			? "passed"
			: "failed",
		assertionResults: statuses.map((status) => ({ status })),
	};
}

test("every scenario has a verdict on every release", () => {
	const { text, passed } = matrixOf([
		{
			release: "debian-12",
			scenarios: [
				scenario("systems/vendor", "passed"),
				scenario("destroy", "passed"),
			],
		},
		{
			release: "debian-13",
			scenarios: [scenario("destroy", "passed", "failed")],
		},
	]);
	expect(passed).toBe(false);
	const cells = text
		.trimEnd()
		.split("\n")
		.map((line) => line.trim().split(/ {2,}/));
	expect(cells).toEqual([
		["scenario", "debian-12", "debian-13"],
		["destroy", "passed", "FAILED, 1 of 2 passed"],
		["systems/vendor", "passed", "did not run"],
	]);
});

test("all passed is a success, nothing run is none", () => {
	const scenarios = [scenario("destroy", "passed")];
	expect(matrixOf([{ release: "debian-12", scenarios }]).passed).toBe(true);
	expect(matrixOf([{ release: "debian-12", scenarios: [] }]).passed).toBe(
		false,
	);
});
