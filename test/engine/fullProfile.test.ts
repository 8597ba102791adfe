/**
 * A host with every tunable and more than 80 keys: looking, applying, verifying
 * and proving that a new login works take one each, however much there is.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { neededFiles } from "../../bench/fullProfile";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(120_000);

const { tuning } = parse(
	readFileSync(join(__dirname, "../../bench/fullProfile.yaml"), "utf8"),
);
/** How many settings a host's status speaks of. */
function settingsOf(ready: unknown): number {
	const { verdicts } = ready as { verdicts: { [verdict: string]: number } };
	return Object.values(verdicts).reduce((sum, count) => sum + count);
}

const rollout = { reboot: "manual" };

let lab: EngineLab;

beforeAll(async () => {
	lab = await startEngineLab({ count: 1 });
	for (const [path, text] of Object.entries(neededFiles)) {
		const file = join(lab.host("light-1").root, path);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text);
	}
});
afterAll(() => lab?.remove());

// A connection that is still open is used again to verify.
test("is converged by a login each to look, apply, verify and prove", async () => {
	lab.declare({ rollout, tuning });
	const { logins } = await done(lab.up());
	expect(logins["light-1"]).toBeLessThanOrEqual(4);
	const ready = await lab.status();
	expect(ready["light-1"]).toMatchObject({
		unsupported: {},
		verdicts: { ok: expect.any(Number), pendingReboot: expect.any(Number) },
	});
	expect(settingsOf(ready["light-1"])).toBeGreaterThanOrEqual(80);
});

test("is probed by one", async () => {
	expect(await lab.drift()).toMatchObject({
		code: 0,
		logins: { "light-1": 1 },
	});
});
