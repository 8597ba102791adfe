/**
 * README.md does what it says: its blocks run in order, against a light host
 * in place of the reader's, in a copy of the checkout and a home of their own.
 */
import { spawn } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type LightLab, startLightHosts } from "../../lab/light/hosts";
import { tunables } from "../../tunables/registry";
import { type Block, blocksOf } from "./readmeBlocks";

const checkout = join(__dirname, "../..");
const readme = readFileSync(join(checkout, "README.md"), "utf8");
const blocks = blocksOf(readme);

/** Blocks that cannot run here, and why. */
const notRun: { readonly [name: string]: string } = {
	quickstart:
		"bin/test runs the quickstart as a step of its own, and is itself",
	console: "needs the console of a real machine",
	user: "adds a user to the machine; a light host shares this one's users",
};

let directory: string;
let lab: LightLab;

beforeAll(async () => {
	directory = mkdtempSync(join(checkout, ".metaltune/readme-"));
	const own = new Set(["hosts", ".git", ".metaltune"]);
	for (const name of readdirSync(checkout).filter((each) => !own.has(each))) {
		symlinkSync(join(checkout, name), join(directory, name));
	}
	symlinkSync(join(checkout, ".metaltune"), join(directory, ".metaltune"));
	cpSync(join(checkout, "hosts"), join(directory, "hosts"), {
		recursive: true,
	});
	lab = await startLightHosts({
		count: 1,
		// Not "lab": that is a link to the checkout's.
		directory: join(directory, "light"),
		// Of this process, so that other labs on this machine are not in the way.
		firstPort: 18_000 + (process.pid % 2000),
	});
	mkdirSync(join(directory, "home/.ssh"), { recursive: true });
	cpSync(lab.privateKeyFile, join(directory, "home/.ssh/id_ed25519"));
	const plugins = join(homedir(), ".pulumi/plugins");
	if (existsSync(plugins)) {
		mkdirSync(join(directory, "home/.pulumi"));
		symlinkSync(plugins, join(directory, "home/.pulumi/plugins"));
	}
}, 60_000);

afterAll(async () => {
	await lab?.stop();
	rmSync(directory, { recursive: true, force: true });
});

/** The reader's machine in the README's text becomes the lab's. */
function asInLab(text: string): string {
	const [host] = lab.hosts;
	return text
		.replaceAll(
			"ssh-keyscan -t ed25519 192.0.2.11",
			`ssh-keyscan -p ${host?.port} -t ed25519 127.0.0.1`,
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

interface Run {
	readonly code: number | null;
	readonly text: string;
}

function shell(script: string): Promise<Run> {
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

// The reader has one shell, in which .metaltune/env stays sourced.
function runBlock(text: string): Promise<Run> {
	return shell(`. .metaltune/env\n${asInLab(text)}`);
}

/** What a person or a job does between two blocks. */
const before: { readonly [name: string]: () => Promise<Run> } = {
	repair: () =>
		shell(
			`printf '1000\\n' >'${lab.hosts[0]?.root}/proc/sys/net/core/netdev_max_backlog'`,
		),
};

/** What a block must have shown. */
const shows: { readonly [name: string]: RegExp } = {
	keyscan: /^256 SHA256:\S+ .*\(ED25519\)$/m,
	validate: /│ my-1 +│ my +│[\s\S]*1 host, \d+ rules: 0 findings/,
	up: /│ my-1 │ [0-9a-f]{8} │ \d+ │ 0 +│ 0 +│/,
	drift: /1 host: 1 clean[\s\S]*6 unchanged/,
	repair: /net\.core\.netdev_max_backlog +live: 1000 -> >= 5000/,
	policies: /Policies:[\s\S]*metaltune/,
	destroy: /has been removed/,
	explain: /kernelCommandLine[\s\S]*hugePages/,
};

async function follow(block: Block): Promise<void> {
	if (block.use === "file") {
		writeFileSync(join(directory, block.name), asInLab(block.text));
		return;
	}
	await before[block.name]?.();
	const done = await runBlock(block.text);
	expect(`${done.code}: ${done.text}`).toMatch(/^0: /);
	expect(done.text).toMatch(shows[block.name] ?? /^/);
}

test("every block says whether it is run, or here is why it is not", () => {
	const unmarked = blocks.filter(({ use }) => use === "unmarked");
	expect(unmarked.map(({ name }) => name)).toEqual([]);
	const skipped = blocks.filter(({ use }) => use === "not run");
	expect(skipped.map(({ name }) => name)).toEqual(Object.keys(notRun));
	const names = blocks.map(({ name }) => name);
	expect(names).toEqual(
		expect.arrayContaining([...Object.keys(shows), ...Object.keys(before)]),
	);
});

test("the table promises no tunable that does not exist", () => {
	const table = readme.split("## What can be tuned")[1]?.split("\n## ")[0];
	const named = [...(table ?? "").matchAll(/^\| `(\w+)` \|/gm)];
	expect(named.length).toBeGreaterThan(0);
	const real = tunables.map(({ name }) => name);
	const invented = named.filter(([, name]) => !real.includes(name ?? ""));
	expect(invented.map(([, name]) => name)).toEqual([]);
});

test("links lead somewhere", () => {
	const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, to]) => to);
	expect(links.length).toBeGreaterThan(3);
	const dead = links.filter((to) => !existsSync(join(checkout, to ?? "")));
	expect(dead).toEqual([]);
});

describe("followed from top to bottom", () => {
	const followed = blocks.filter(({ use }) => use === "run" || use === "file");
	test.each(followed.map((block) => [block.name, block] as const))(
		"%s",
		(_, block) => follow(block),
		300_000,
	);
});
