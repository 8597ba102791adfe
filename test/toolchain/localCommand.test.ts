/** `command:local:Command` with a real shell. */
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { localCommand } from "../../toolchain/commandProvider/localCommand";
import { recordedLog } from "./recordedLog";

function create(inputs: { readonly [name: string]: unknown }) {
	return localCommand.create(inputs, recordedLog());
}

test("a command gets stdin, directory and environment", async () => {
	const dir = realpathSync(tmpdir());
	const printed = await create({
		create: 'cat; pwd -P; echo "$NAME" >&2',
		stdin: "in\n",
		dir,
		environment: { NAME: "value" },
	});
	expect(printed).toEqual({ stdout: `in\n${dir}`, stderr: "value" });
});

test("the interpreter can be another one", async () => {
	const printed = await create({
		create: "process.stdout.write(String(1 + 1))",
		interpreter: [process.execPath, "-e"],
	});
	expect(printed.stdout).toBe("2");
});

test("a failure quotes the command and what it printed", async () => {
	await expect(create({ create: "echo no; exit 4" })).rejects.toThrow(
		'exit status 4: running "echo no; exit 4":\nno\n',
	);
});

test("an interpreter that is not there is a failure", async () => {
	await expect(
		create({ create: "x", interpreter: ["/nowhere/sh"] }),
	).rejects.toThrow('ENOENT: running "x"');
});

test("update sees what the last run printed", async () => {
	const update = 'printf "%s" "$PULUMI_COMMAND_STDOUT"';
	const olds = { stdout: "before", stderr: "" };
	const updated = await localCommand.update(olds, { update }, recordedLog());
	expect(updated.stdout).toBe("before");
	const silent = await localCommand.update(
		olds,
		{ update, addPreviousOutputInEnv: false },
		recordedLog(),
	);
	expect(silent.stdout).toBe("");
});

test("files to collect are refused, not forgotten", async () => {
	await expect(create({ create: "true", assetPaths: ["*"] })).rejects.toThrow(
		"assetPaths: expected it absent",
	);
});
