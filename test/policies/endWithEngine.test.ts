/** What the engine has started ends with it, also when it was killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { waitFor } from "../../lab/light/runProgram";

jest.setTimeout(60_000);

const checkout = join(__dirname, "../..");
const plugins = [
	"provider/pulumi-resource-metaltune",
	"toolchain/commandProvider/pulumi-resource-command",
];

const children: ChildProcess[] = [];
const servers: Server[] = [];
afterEach(() => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
	for (const server of servers.splice(0)) server.close();
});

/** Something that listens where the engine would. */
async function engineAddress(): Promise<{
	readonly address: string;
	readonly server: Server;
}> {
	const server = createServer((socket) => socket.on("error", () => undefined));
	servers.push(server);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return { address: `127.0.0.1:${port}`, server };
}

/** Whether a process runs; a zombie does not. */
function runs(pid: number): boolean {
	const stat = `/proc/${pid}/stat`;
	try {
		return existsSync(stat) && !/\) Z /.test(readFileSync(stat, "utf8"));
	} catch {
		return false;
	}
}

/** Starts a program as another process's child; resolves once it has printed. */
async function startBelow(
	command: readonly string[],
): Promise<{ readonly parent: ChildProcess; readonly pid: number }> {
	const script = `
const child = require("node:child_process").spawn(process.argv[1], process.argv.slice(2), { stdio: ["pipe", "pipe", "ignore"] });
child.stdout.once("data", () => console.log(child.pid));
setInterval(() => undefined, 1000);`;
	const parent = spawn("node", ["-e", script, ...command], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	children.push(parent);
	const [printed] = await once(parent.stdout, "data");
	return { parent, pid: Number(String(printed)) };
}

test.each(plugins)("%s ends with the process that started it", async (path) => {
	const { address } = await engineAddress();
	const { parent, pid } = await startBelow([join(checkout, path), address]);
	expect(runs(pid)).toBe(true);
	parent.kill("SIGKILL");
	await waitFor("the plugin to end", () => !runs(pid));
});

test.each(plugins)("%s ends when the engine does not listen", async (path) => {
	const { address, server } = await engineAddress();
	const { pid } = await startBelow([join(checkout, path), address]);
	expect(runs(pid)).toBe(true);
	server.close();
	await waitFor("the plugin to end", () => !runs(pid));
});

test("a program whose engine takes no errors ends instead of reporting forever", async () => {
	const { address, server } = await engineAddress();
	// As the SDK: each report of an error is one more.
	const program = `
process.on("unhandledRejection", () => void setImmediate(() => Promise.reject(new Error("no report"))));
process.env.PULUMI_NODEJS_ENGINE = ${JSON.stringify(address)};
require(${JSON.stringify(join(checkout, "node_modules/tsx/dist/cjs/index.cjs"))});
const { endWithEngine, engineAddress } = require(${JSON.stringify(join(checkout, "policies/endWithEngine.ts"))});
endWithEngine(engineAddress([process.env.PULUMI_NODEJS_ENGINE]));
console.log("started");
process.stdin.resume().once("data", () => Promise.reject(new Error("first")));`;
	const child = spawn("node", ["-e", program], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	children.push(child);
	await once(child.stdout, "data");
	server.close();
	child.stdin.write("go\n");
	const [, signal] = await once(child, "exit");
	expect(signal).toBe("SIGKILL");
});

/** The process that a shell waits for, which is what runs the policy pack. */
function childOf(pid: number): number {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
	const [child] = children.trim().split(" ");
	if (!child) throw new Error(`expected a child of process ${pid}, got none`);
	return Number(child);
}

/** The policy pack as the engine starts it: below a shell that waits for it. */
async function startPolicies(address: string) {
	const { parent, pid } = await startBelow([
		"pulumi-analyzer-policy",
		address,
		join(checkout, "policies"),
	]);
	return { parent, shell: pid, pack: childOf(pid) };
}

test("the policy pack ends when the engine was killed", async () => {
	const { address, server } = await engineAddress();
	const { parent, shell, pack } = await startPolicies(address);
	expect(runs(pack)).toBe(true);
	// The shell stays, so the pack's own parent is no sign.
	parent.kill("SIGKILL");
	server.close();
	await waitFor("the policy pack to end", () => !runs(pack) && !runs(shell));
});

test("the policy pack goes on as long as the engine listens", async () => {
	const { address } = await engineAddress();
	const { shell, pack } = await startPolicies(address);
	const engine = await startPolicies((await engineAddress()).address);
	const other = servers.at(-1);
	other?.close();
	// By when the other one has looked, this one has too.
	await waitFor("the other pack to end", () => !runs(engine.pack));
	expect(runs(pack) && runs(shell)).toBe(true);
	process.kill(pack, "SIGKILL");
});
