/**
 * The machine of a reader of README.md: a copy of the checkout, a home
 * directory, and a simulated host in place of the reader's own.
 */
import { spawn } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import {
	type SimulatedLab,
	startSimulatedHosts,
} from "../../lab/light/simulatedHosts";

export interface Run {
	readonly code: number | null;
	readonly text: string;
}

export interface ReaderMachine {
	/** The copy of the checkout. */
	readonly directory: string;
	/** The tree of the simulated host. */
	readonly root: string;
	/** A block's text, with the simulated host's address, key and user. */
	adapted(text: string): string;
	/** Runs a script as it is. */
	shell(script: string): Promise<Run>;
	stop(): Promise<void>;
}

function copyCheckout(checkout: string): string {
	const directory = mkdtempSync(join(checkout, ".metaltune/readme-"));
	const own = new Set(["hosts", ".git", ".metaltune"]);
	for (const name of readdirSync(checkout).filter((each) => !own.has(each))) {
		symlinkSync(join(checkout, name), join(directory, name));
	}
	symlinkSync(join(checkout, ".metaltune"), join(directory, ".metaltune"));
	cpSync(join(checkout, "hosts"), join(directory, "hosts"), {
		recursive: true,
	});
	return directory;
}

function makeHome(directory: string, privateKeyFile: string): void {
	mkdirSync(join(directory, "home/.ssh"), { recursive: true });
	cpSync(privateKeyFile, join(directory, "home/.ssh/id_ed25519"));
	const plugins = join(homedir(), ".pulumi/plugins");
	if (existsSync(plugins)) {
		mkdirSync(join(directory, "home/.pulumi"));
		symlinkSync(plugins, join(directory, "home/.pulumi/plugins"));
	}
}

function adapt(text: string, directory: string, lab: SimulatedLab): string {
	const [host] = lab.hosts;
	return text
		.replaceAll(
			"ssh-keyscan -t ed25519 192.0.2.11",
			`ssh-keyscan -p ${host?.port} -t ed25519 127.0.0.1`,
		)
		.replaceAll(
			"ssh root@192.0.2.11 metaltune",
			// A simulated host has its files below $ROOT.
			`ssh -p ${host?.port} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null ${lab.user}@127.0.0.1 '$ROOT/usr/local/sbin/metaltune'`,
		)
		.replace(
			"address: 192.0.2.11",
			`address: 127.0.0.1\n    port: ${host?.port}`,
		)
		.replace("ssh-ed25519 AAAA...", `${host?.hostKey}`)
		.replace("user: metaltune", `user: ${lab.user}, become: true`)
		.replace("pulumi login --local", `pulumi login 'file://${directory}/home'`)
		.replaceAll(/^pulumi (up|destroy|stack rm)\b/gm, "pulumi $1 --yes")
		.replaceAll(/^bin\/metaltune repair\b/gm, "bin/metaltune repair --yes");
}

function run(
	script: string,
	directory: string,
	lab: SimulatedLab,
): Promise<Run> {
	return new Promise((resolve, reject) => {
		const child = spawn("sh", ["-euc", script], {
			cwd: directory,
			env: {
				...process.env,
				HOME: join(directory, "home"),
				SSH_AUTH_SOCK: lab.agentSocket,
				// What the reader would answer.
				PULUMI_CONFIG_PASSPHRASE: "of the reader",
				// Pulumi does not look at HOME for it.
				PULUMI_HOME: join(directory, "home/.pulumi"),
			},
			stdio: ["ignore", "pipe", "pipe"],
		});
		let text = "";
		const add = (chunk: Buffer) => {
			text += chunk.toString();
		};
		child.stdout.on("data", add);
		child.stderr.on("data", add);
		child.once("error", reject);
		child.once("close", (code) => resolve({ code, text }));
	});
}

/** Starts the simulated host and makes the rest. */
export async function startReaderMachine(
	checkout: string,
): Promise<ReaderMachine> {
	const directory = copyCheckout(checkout);
	const lab = await startSimulatedHosts({
		count: 1,
		// Not "lab": that is a link to the checkout's.
		directory: join(directory, "light"),
		// Of this process, so that other labs on this machine are not in the way.
		firstPort: 18_000 + (process.pid % 2000),
	});
	makeHome(directory, lab.privateKeyFile);
	return {
		directory,
		root: lab.hosts[0]?.root ?? "",
		adapted: (text) => adapt(text, directory, lab),
		shell: (script) => run(script, directory, lab),
		stop: async () => {
			await lab.stop();
			rmSync(directory, { recursive: true, force: true });
		},
	};
}
