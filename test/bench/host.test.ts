/** The host program's measurement: its figures are there and could be true. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { benchHost } from "../../bench/host";
import { hostProgram } from "../../host/assemble";

test("measures a full profile and leaves nothing behind", async () => {
	const before = readdirSync(tmpdir());
	const result = await benchHost(1);
	expect(result).toMatchObject({
		repeats: 1,
		program_bytes: Buffer.byteLength(hostProgram("tuning").text),
	});
	expect(result.settings).toBeGreaterThanOrEqual(80);
	expect(result.probe.cpu_s).toBeGreaterThan(0);
	// It has all to do; the other one finds nothing, or the run would have failed.
	expect(result.first_apply.cpu_s).toBeGreaterThan(
		result.converged_apply.cpu_s,
	);
	const left = readdirSync(tmpdir()).filter(
		(name) => name.startsWith("metaltune-bench-host") && !before.includes(name),
	);
	expect(left).toEqual([]);
}, 120_000);
