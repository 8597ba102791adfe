/**
 * A deployment that a person cancels ends at once and names the hosts that it
 * was at; one that is killed leaves no process behind that goes on with it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
	readdirSync,
	readFileSync,
	readlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { waitFor } from "../../lab/light/runProgram";
import { done, type EngineLab, startEngineLab } from "./lab";

jest.setTimeout(240_000);

let lab: EngineLab;
let letGo: () => void = () => undefined;

beforeAll(async () => {
	lab = await startEngineLab({ count: 1 });
	lab.declare({ tuning: { sysctl: { "vm.swappiness": 7 } } });
});
afterEach(() => {
	letGo();
});
afterAll(() => lab?.remove());

/** Processes whose command has all of these words. */
function processes(...words: readonly string[]): readonly number[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.filter((pid) => {
			try {
				const command = readFileSync(`/proc/${pid}/cmdline`, "latin1");
				const all = `${command}\0${readlinkSync(`/proc/${pid}/cwd`)}`;
				return words.every((word) => all.includes(word));
			} catch {
				return false;
			}
		})
		.map(Number);
}

/** Has the host wait for its lock, which is held until the test ends. */
async function startHanging() {
	const file = join(lab.host("light-1").root, "run/metaltune.lock");
	// As the host program makes it; any other would be replaced.
	writeFileSync(file, "", { mode: 0o600 });
	// `cat` ends with its input, and the lock with it.
	const held = spawn("flock", ["-x", file, "cat"]);
	held.stdin.write("held\n");
	await once(held.stdout, "data");
	letGo = () => held.stdin.end();
	const up = lab.up();
	await waitFor(
		"a run that waits for the lock",
		() => processes("flock\0-w\0", "\x009").length > 0,
		90,
	);
	const [engine] = processes("pulumi\0--non-interactive", lab.directory);
	if (engine === undefined) throw new Error("expected a running engine");
	return { up, engine };
}

test("a cancelled up ends while its host hangs, and names it", async () => {
	const { up, engine } = await startHanging();
	process.kill(engine, "SIGINT");
	const { code, text } = await up;
	expect(code).not.toBe(0);
	expect(text).toMatch(
		/light-1: .*cancelled during want; what has begun on the host ends there/,
	);
	await waitFor("no process of it", () => {
		return processes(lab.directory, "node\0").length === 0;
	});
});

test("processes of a killed engine end too, and the next up continues", async () => {
	const { engine, up } = await startHanging();
	await waitFor("the program and its plugins", () => {
		return processes(lab.directory, "node\0").length > 1;
	});
	process.kill(engine, "SIGKILL");
	await waitFor("no process of it", () => {
		return processes(lab.directory, "node\0").length === 0;
	});
	// Pulumi's own language host looks for its engine only now and then.
	for (const pid of processes("pulumi-language-nodejs", lab.directory)) {
		process.kill(pid, "SIGKILL");
	}
	await up;
	letGo();
	await done(lab.pulumi("cancel", "--yes"));
	await done(lab.up());
});
