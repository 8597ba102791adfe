/** `command:local:Command`: a command on the machine that runs Pulumi. */
import { spawn } from "node:child_process";
import { type Printed, previousOutput, printedBy } from "./commandOutput";
import { commandResource, type Resource } from "./commandResource";
import { commandShape, textEntriesOf, textOf } from "./inputs";
import type { Log } from "./resourceLog";
import type { Properties } from "./secrets";

export const localCommand: Resource = commandResource(
	{
		...commandShape,
		dir: { kind: "text" },
		interpreter: { kind: "texts" },
		assetPaths: { kind: "texts" },
		archivePaths: { kind: "texts" },
	},
	runLocally,
);

async function runLocally(
	command: string,
	properties: Properties,
	log: Log,
): Promise<Printed> {
	for (const name of ["assetPaths", "archivePaths"]) {
		if (properties[name] !== undefined) {
			throw new Error(
				`${name}: expected it absent, as this stand-in of the command provider collects no files; install the real plugin to use it`,
			);
		}
	}
	const [shell = "/bin/sh", ...options] = interpreter(properties);
	const child = spawn(shell, [...options, command], {
		cwd: textOf(properties, "dir"),
		env: {
			...process.env,
			...Object.fromEntries([
				...textEntriesOf(properties, "environment"),
				...previousOutput(properties),
			]),
		},
		stdio: "pipe",
	});
	// A command need not read its input.
	child.stdin.on("error", () => {});
	child.stdin.end(textOf(properties, "stdin") ?? "");
	const failure = new Promise<string | undefined>((resolve) => {
		child.once("error", (error) => resolve(error.message));
		child.once("close", (status, signal) => {
			const reason =
				status === null ? `signal: ${signal}` : `exit status ${status}`;
			resolve(status === 0 ? undefined : reason);
		});
	});
	const { stdout, stderr } = child;
	return printedBy(
		command,
		{ stdout, stderr, failure },
		properties.logging,
		log,
	);
}

function interpreter({ interpreter: words }: Properties): readonly string[] {
	return Array.isArray(words) && words.length > 0
		? words.map(String)
		: ["/bin/sh", "-c"];
}
