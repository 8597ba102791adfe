/**
 * The command provider under the real engine: what metaltune relies on when a
 * setting changes, an apply fails or a host is destroyed. With
 * METALTUNE_REAL_COMMAND_PROVIDER the same is asked of the real plugin.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createStack, type Stack } from "./engine";
import { type SshHost, startSshHost } from "./sshHost";

const program = `
import { readFileSync } from "node:fs";
import { remote } from "@pulumi/command";
import { secret } from "@pulumi/pulumi";
const args = JSON.parse(readFileSync("command.json", "utf8"));
const command = new remote.Command("apply", { ...args, stdin: secret(args.stdin) });
export const stdout = command.stdout;
`;

const secretText = "correct horse battery staple";

let host: SshHost;
let stack: Stack;
let ran: string;

beforeAll(async () => {
	host = await startSshHost();
	stack = await createStack(program);
	ran = join(host.directory, "ran");
});

afterAll(async () => {
	stack?.remove();
	await host?.stop();
});

/** The commands that ran since the last call. */
function taken(): string[] {
	const lines = existsSync(ran) ? readFileSync(ran, "utf8").split("\n") : [];
	writeFileSync(ran, "");
	return lines.filter((line) => line !== "");
}

function inputs(changes: { readonly [name: string]: unknown }) {
	return {
		connection: host.connection,
		create: `cat > ${ran}.stdin; echo create >> ${ran}; printf 'said\\n\\n'`,
		delete: `echo delete >> ${ran}`,
		stdin: secretText,
		addPreviousOutputInEnv: false,
		...changes,
	};
}

function up(changes: { readonly [name: string]: unknown }) {
	stack.write("command.json", JSON.stringify(inputs(changes)));
	return stack.pulumi("up", "--yes", "--skip-preview", "--non-interactive");
}

test("a command lives as metaltune relies on", async () => {
	const first = await up({});
	expect(first.text).toContain("+ 2 created");
	expect(taken()).toEqual(["create"]);
	expect(readFileSync(`${ran}.stdin`, "utf8")).toBe(secretText);
	const output = await stack.pulumi("stack", "output", "--json");
	expect(JSON.parse(output.text)).toEqual({ stdout: "said\n" });
	expect(stack.checkpoint()).not.toContain(secretText);
	expect(stack.checkpoint()).not.toContain("OPENSSH PRIVATE KEY");

	const edited = await up({ create: `echo edited >> ${ran}` });
	expect(edited.text).toContain("~ 1 updated");
	expect(taken()).toEqual(["edited"]);

	// The same inputs twice: only the first attempt fails.
	const update = `echo update >> ${ran}; test -e ${ran}.repaired || exit 7`;
	const failed = await up({ update });
	expect(failed.code).not.toBe(0);
	expect(failed.text).toContain("exited with status 7: running ");
	expect(failed.text).toContain("test -e");
	expect(failed.text).not.toMatch(/^\s+at /m);
	expect(failed.text).not.toContain(secretText);
	expect(taken()).toEqual(["update"]);
	writeFileSync(`${ran}.repaired`, "");
	const repaired = await up({ update });
	expect(repaired.text).toContain("~ 1 updated");
	expect(taken()).toEqual(["update"]);

	// The trap: a trigger tunes the host and then reverts it.
	const triggered = await up({ update, triggers: ["1"] });
	expect(triggered.text).toContain("+-1 replaced");
	expect(taken()).toEqual(["create", "delete"]);

	const refused = await up({
		update,
		triggers: ["1"],
		connection: { ...host.connection, hostKey: host.otherHostKey },
	});
	expect(refused.text).toContain("host key mismatch");
	expect(taken()).toEqual([]);

	const destroyed = await stack.pulumi("destroy", "--yes", "--skip-preview");
	expect(destroyed.text).toContain("- 2 deleted");
	expect(taken()).toEqual(["delete"]);
}, 180_000);

test("a failed delete is told in one place and keeps the resource", async () => {
	await up({ delete: `echo stuck >> ${ran}; exit 3` });
	const failed = await stack.pulumi("destroy", "--yes", "--skip-preview");
	expect(failed.code).not.toBe(0);
	expect(failed.text).toContain("exited with status 3: running ");
	expect(failed.text).not.toMatch(/^\s+at /m);
	expect(taken()).toEqual(["create", "stuck"]);
	expect(stack.checkpoint()).toContain("command:remote:Command");
}, 180_000);
