/**
 * A host that prints whatever it likes fails by itself: the others are
 * deployed, and neither terminal, CI log nor state takes what it printed.
 */

import { join } from "node:path";
import { protocol } from "../../host/protocol";
import {
	answerWith,
	asAsked,
	forceCommand,
} from "../observe/drift/hostileHosts";
import { type EngineLab, type Run, startEngineLab } from "./lab";

jest.setTimeout(180_000);

const swappiness = (value: number) => ({
	tuning: { sysctl: { "vm.swappiness": value } },
});
const endless = "head -c 52428800 /dev/zero | tr '\\0' x";
const commands = "printf '\\033]0;pwned\\007\\n::error::owned\\n##[group]x\\n'";

let lab: EngineLab;
let directory: string;

/** Runs a script where the host is asked for something, else does as asked. */
function hostile(pattern: string, script: string): void {
	answerWith(
		directory,
		"light-1",
		`case $SSH_ORIGINAL_COMMAND in\n*'${pattern}'*) ${script} ;;\n*) ${asAsked} ;;\nesac`,
	);
}

function expectInert({ text }: Run): void {
	expect(text).not.toContain("\u001b]");
	expect(text).not.toMatch(/^\s*::error/m);
	expect(text).not.toContain("##[group]");
	expect(text.length).toBeLessThan(300_000);
	expect(lab.checkpoint().length).toBeLessThan(500_000);
	expect(lab.checkpoint()).not.toContain("::error::owned");
}

beforeAll(async () => {
	lab = await startEngineLab({ count: 2 });
	directory = join(lab.directory, "d");
	answerWith(directory, "light-1", asAsked);
	await forceCommand(directory, "light-1");
});
afterAll(() => lab?.remove());

async function upWhile(value: number): Promise<Run> {
	lab.declare({ ...swappiness(value), rollout: { maxUnavailable: 2 } });
	const ended = await lab.up("--refresh");
	expectInert(ended);
	expect(lab.host("light-2").read("proc/sys/vm/swappiness")).toBe(`${value}`);
	return ended;
}

// The real command provider keeps and shows what a host prints, see
// docs/reliability.md.
const ofStandIn =
	(process.env.METALTUNE_REAL_COMMAND_PROVIDER ?? "") === "" ? test : test.skip;

ofStandIn("an apply that prints 50 MB and commands, and succeeds", async () => {
	hostile("apply", `${commands}; ${commands} >&2; ${endless}; ${asAsked}`);
	const { code } = await upWhile(11);
	expect(code).toBe(0);
});

ofStandIn("an apply that prints as much and fails names the host", async () => {
	hostile("apply", `${commands} >&2; ${endless} >&2; exit 7`);
	const { code, text } = await upWhile(12);
	expect(code).not.toBe(0);
	expect(text).toMatch(/light-1-apply.*\n?.*Process exited with status 7/);
});

test("a fact of 12 MB", async () => {
	answerWith(directory, "light-1", asAsked);
	expect((await lab.up("--refresh")).code).toBe(0);
	hostile(
		"probe",
		`printf 'metaltune\\t${protocol}\\nfact\\tsysctl\\tvm.swappiness\\tlive\\tvalue\\t'; head -c 12582912 /dev/zero | tr '\\0' x; printf '\\tx\\nend\\t1\\n'`,
	);
	lab.declare({ ...swappiness(13), rollout: { maxUnavailable: 2 } });
	// Without it the engine begins nothing more after a first failure.
	const ended = await lab.up("--continue-on-error");
	expectInert(ended);
	expect(ended.text).toMatch(
		/light-1: probe: line 2 of the host program's report: expected a line of at most/,
	);
	expect(lab.host("light-2").read("proc/sys/vm/swappiness")).toBe("13");
});

test("commands of a CI system in complaints are escaped in metaltune's error", async () => {
	hostile("want", `${commands} >&2; exit 9`);
	const ended = await lab.up();
	expectInert(ended);
	expect(ended.text).toMatch(/light-1: want: exit 9/);
});
