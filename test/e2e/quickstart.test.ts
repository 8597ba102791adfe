/** The guided tour of README.md, on a machine with a real kernel. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { whyNoMetal } from "../../lab/metal/requirements";

const checkout = join(__dirname, "../..");

test("a machine is tuned, changed by hand, repaired and put back", () => {
	expect(whyNoMetal()).toBeUndefined();
	const run = spawnSync("bin/quickstart", {
		cwd: checkout,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
	});
	if (run.status !== 0) {
		throw new Error(`exit ${run.status}:\n${run.stdout}${run.stderr}`);
	}
	expect(run.stdout).toContain("== 1/5 A host: the test VM");
	expect(run.stdout).toMatch(/\n== Done in \d+ s\n/);
});
