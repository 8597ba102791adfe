/**
 * The way on after a failure while a part of the fleet is down: one command
 * repairs what answers, names what does not, and takes back a machine that was
 * installed again once the inventory has its new key.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostPaths } from "../../lab/light/directory";
import {
	answerWith,
	asAsked,
	forceCommand,
} from "../observe/drift/hostileHosts";
import { done, type EngineLab, type Run, startEngineLab } from "./lab";

jest.setTimeout(240_000);

const swappiness = "proc/sys/vm/swappiness";
const declared = (value: number) => ({
	tuning: { sysctl: { "vm.swappiness": value } },
});

let lab: EngineLab;
let directory: string;

function expectNoStack({ text }: Run): void {
	expect(text).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
}

beforeAll(async () => {
	lab = await startEngineLab({ count: 3 });
	directory = join(lab.directory, "d");
	lab.declare(declared(7));
	await done(lab.up());
});
afterAll(() => lab?.remove());

function repair(...flags: readonly string[]) {
	return lab.metaltune("repair", "--stack", "dev", "--yes", ...flags);
}

test("a dead host keeps a refresh from all, and its error says the way on", async () => {
	lab.host("light-1").halt();
	writeFileSync(join(lab.host("light-2").root, swappiness), "33\n");
	const failed = await lab.up("--refresh");
	expect(failed.code).not.toBe(0);
	expectNoStack(failed);
	expect(failed.text).toMatch(
		/light-1: root@.*: the connection was refused.*`metaltune repair`/,
	);
	expect(lab.host("light-2").read(swappiness)).toBe("33");
	const repaired = await repair();
	expectNoStack(repaired);
	expect(repaired.code).toBe(1);
	expect(repaired.text).toMatch(/^left alone: light-1: unreachable: /m);
	expect(lab.host("light-2").read(swappiness)).toBe("7");
});

test("a deployment that failed for it is completed on the others", async () => {
	lab.declare(declared(8));
	const refused = await repair();
	expect(refused.code).toBe(1);
	expect(refused.text).toMatch(
		/^left alone: light-2: the inventory has changes that are not deployed: sysctl\.vm\.swappiness 7 -> 8;/m,
	);
	const repaired = await repair("--with-undeployed-changes");
	expectNoStack(repaired);
	expect(repaired.code).toBe(1);
	for (const name of ["light-2", "light-3"]) {
		expect(lab.host(name).read(swappiness)).toBe("8");
	}
	await lab.host("light-1").start();
	await done(repair("--with-undeployed-changes"));
	expect(lab.host("light-1").read(swappiness)).toBe("8");
	await done(lab.drift());
});

test("a run that failed half way is completed without a flag", async () => {
	lab.declare({
		...declared(9),
		rollout: { maxUnavailable: 3 },
	});
	// HostState leaves its settings there, and apply then fails.
	answerWith(
		directory,
		"light-3",
		`case $SSH_ORIGINAL_COMMAND in *apply*) exit 7 ;; *) ${asAsked} ;; esac`,
	);
	await forceCommand(directory, "light-3");
	const failed = await lab.up("--continue-on-error");
	expect(failed.code).not.toBe(0);
	expect(failed.text).toMatch(/# light-3: .*metaltune repair/);
	expect(lab.host("light-2").read(swappiness)).toBe("9");
	answerWith(directory, "light-3", asAsked);
	expect((await done(repair())).text).toMatch(
		/^repaired too: light-3: its last `pulumi up` did not complete$/m,
	);
	expect(lab.host("light-3").read(swappiness)).toBe("9");
	await done(lab.drift());
});

test("a machine with a new key comes back by the advice of its error", async () => {
	const { hostKey: keyFile } = hostPaths(directory, "light-2");
	rmSync(keyFile);
	rmSync(`${keyFile}.pub`);
	execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", keyFile]);
	const hostKey = readFileSync(`${keyFile}.pub`, "utf8").trim();
	lab.host("light-2").halt();
	await lab.host("light-2").start();
	writeFileSync(join(lab.host("light-2").root, swappiness), "60\n");
	const failed = await lab.up("--refresh");
	expect(failed.code).not.toBe(0);
	expect(failed.text).toMatch(
		/light-2: .*the host key is not the pinned one.*change `hostKey` in the inventory and run `metaltune repair`/,
	);
	const rollout = { maxUnavailable: 3 };
	lab.declare(
		{ ...declared(9), rollout },
		{ "light-1": {}, "light-2": { hostKey }, "light-3": {} },
	);
	const repaired = await done(repair());
	expect(repaired.text).toMatch(/^repaired too: light-2: answers by the host/m);
	expect(lab.host("light-2").read(swappiness)).toBe("9");
	await done(lab.drift());
	await done(lab.up("--refresh"));
});
