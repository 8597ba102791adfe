/**
 * `metaltune drift` over real SSH: what it says of hosts that answer, and that
 * nothing a host does or prints breaks the report, the terminal or the others.
 */
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostProgram, programPath } from "../../host/assemble";
import { protocol } from "../../host/protocol";
import { inventoryYaml } from "../../lab/light/inventory";
import type { SimulatedHost } from "../../lab/light/simulatedHosts";
import { isPrintable } from "../../model/printable";
import { maker } from "../../model/version";
import {
	asAsked,
	type HostileLab,
	startHostileHosts,
} from "../observe/drift/hostileHosts";
import { diffTrees, snapshotTree } from "../support/tree";
import { type Ended, metaltune } from "./cli";

jest.setTimeout(120_000);

const tuning = { sysctl: { "vm.swappiness": 60 } };

let directory: string;
let lab: HostileLab;

function declare(sections: { readonly [section: string]: unknown }): void {
	mkdirSync(join(directory, "hosts"), { recursive: true });
	const text = inventoryYaml(lab, sections);
	writeFileSync(join(directory, "hosts/lab.yaml"), text);
}

function drift(...args: readonly string[]): Promise<Ended> {
	const env = { ...process.env, SSH_AUTH_SOCK: lab.agentSocket };
	return metaltune(["drift", ...args], { cwd: directory, env });
}

async function hostsOf(run: Promise<Ended>) {
	const { stdout } = await run;
	return JSON.parse(stdout).hosts;
}

/** light-1; light-2 stays as it should be. */
function bad(): SimulatedHost {
	const [host] = lab.hosts;
	if (host === undefined) throw new Error("expected a lab with hosts");
	return host;
}

function install(root: string, text: string): void {
	writeFileSync(join(root, programPath), text);
	chmodSync(join(root, programPath), 0o755);
}

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "metaltune-drift-"));
	lab = await startHostileHosts(join(directory, "lab"), 2);
	declare({ tuning });
});
beforeEach(() => {
	for (const { name, root } of lab.hosts) {
		lab.answer(name, asAsked);
		install(root, hostProgram("tuning").text);
		writeFileSync(join(root, "proc/sys/vm/swappiness"), "60\n");
		writeFileSync(
			join(root, "etc/sysctl.d/zz-metaltune.conf"),
			"vm.swappiness = 60\n",
		);
	}
});
afterAll(async () => {
	await lab?.stop();
	rmSync(directory, { recursive: true, force: true });
});

test("clean is 0, over one connection per host, and changes nothing", async () => {
	const before = lab.hosts.map(({ root }) => snapshotTree(root, {}));
	const logins = lab.hosts.map((host) => host.connections());
	const ended = await drift();
	expect(ended).toMatchObject({ code: 0, stderr: "" });
	expect(ended.stdout).toContain("2 hosts: 2 clean");
	for (const [index, host] of lab.hosts.entries()) {
		expect(host.connections()).toBe((logins[index] ?? 0) + 1);
		expect(
			diffTrees(before[index] ?? new Map(), snapshotTree(host.root, {})),
		).toEqual([]);
	}
});

test("drift is 2, key by key, in every format and in files", async () => {
	writeFileSync(join(bad().root, "proc/sys/vm/swappiness"), "7\n");
	const files = ["r.json", "r.xml", "r.md", "r.txt"];
	const ended = await drift(...files.flatMap((file) => ["--write", file]));
	expect(ended).toMatchObject({ code: 2, stderr: "" });
	expect(ended.stdout).toMatch(
		/│ light-1 │ sysctl\.vm\.swappiness │ 60 +│ 7 +│ 60 +│ liveDrift │/,
	);
	const read = (file: string) => readFileSync(join(directory, file), "utf8");
	expect(read("r.txt")).toBe(ended.stdout);
	expect(JSON.parse(read("r.json"))).toMatchObject({
		version: 1,
		maker,
		judged: { inventory: "hosts" },
		result: "drift",
		hosts: [
			{
				name: "light-1",
				status: "drift",
				deviations: [
					{
						key: "sysctl.vm.swappiness",
						declared: "60",
						live: { status: "value", text: "7" },
						boot: { status: "value", text: "60" },
						verdict: "liveDrift",
						accepted: false,
					},
				],
			},
			{ name: "light-2", status: "clean", deviations: [] },
		],
	});
	expect(read("r.xml")).toContain('<failure message="liveDrift: expected 60');
	expect(read("r.md")).toContain("| `light-1` | `sysctl.vm.swappiness` |");
});

test("a host without the program is read and left without it", async () => {
	rmSync(join(bad().root, programPath));
	const before = snapshotTree(bad().root, {});
	const [host] = await hostsOf(drift("--json", "--host", "light-1"));
	expect(host).toMatchObject({ status: "drift" });
	expect(host.deviations).toMatchObject([
		{ key: "metaltune.program", live: { status: "absent" } },
	]);
	expect(diffTrees(before, snapshotTree(bad().root, {}))).toEqual([]);
});

test("another program in its place is named, and never run", async () => {
	const trace = join(directory, "was run");
	install(bad().root, `#!/bin/sh\n: >'${trace}'\nexit 64\n`);
	const [host] = await hostsOf(drift("--json", "--host", "light-1"));
	expect(host).toMatchObject({
		status: "clean",
		deviations: [],
		notes: expect.arrayContaining([
			expect.stringContaining("host program of another version"),
		]),
	});
	expect(existsSync(trace)).toBe(false);
});

test("names, files and sources that are wrong are one sentence and 1", async () => {
	const wrong = [
		[["--host", "light-3"], /--host: .*"light-3", did you mean light-/],
		[["--write", "x.pdf"], /expected a file that ends in \.txt/],
		[["--timeout", "0"], /expected a whole number above 0, got "0"/],
		[
			["--inventory", "hosts", "--stack", "dev"],
			/'--inventory <directory>' cannot be used with option '--stack <name>'/,
		],
		[["--format", "github"], /Allowed choices are text, json, junit, markdown/],
		[
			["--json", "--format", "junit"],
			/'--json' cannot be used with option '--format/,
		],
	] as const;
	for (const [args, sentence] of wrong) {
		const ended = await drift(...args);
		expect(ended).toMatchObject({ code: 1, stdout: "" });
		expect(ended.stderr).toMatch(sentence);
	}
});

test("a login that needs a stack's secret says so; the others are judged", async () => {
	declare({ tuning, connection: { passwordSecret: "pw" } });
	const [host] = await hostsOf(drift("--json"));
	declare({ tuning });
	expect(host).toMatchObject({ status: "unreachable" });
	expect(host.why).toMatch(/needs pw of a stack's config.*--stack/);
});

// A report that is whole, and whose every text is an attack.
const attack = String.raw`##[group]x\033]0;pwned\007\033[2J\r\377\376|${"`"}</failure>]]><script>@everyone`;
const hostileReport = `printf 'metaltune\\t${protocol}\\nprogram\\tx\\033[31m\\nboot\\t\\033c\\nsettings\\t-\\ninterrupted\\t\\342\\200\\256${attack}\\nfact\\tsysctl\\tvm.swappiness\\tlive\\tvalue\\t${attack}\\t${attack}\\nverdict\\tsysctl\\tvm.swappiness\\tliveDrift\\tbad\\t-\\nend\\t1\\n'`;

const hostile: readonly (readonly [string, string, RegExp])[] = [
	[
		"answers with one fact of 12 MB",
		`printf 'metaltune\\t${protocol}\\nfact\\tsysctl\\tvm.swappiness\\tlive\\tvalue\\t'; head -c 12582912 /dev/zero | tr '\\0' x; printf '\\tx\\nend\\t1\\n'`,
		/line 2 of the host program's report: expected a line of at most 262144 characters, got one of \d+/,
	],
	["exits without a word", "exit 3", /probe: exit 3: no output/],
	[
		"answers with escape sequences on standard error",
		`printf '${attack}' >&2; exit 3`,
		/exit 3: \\u0023#\[group\]x\\u001b\]0;pwned\\u0007/,
	],
	[
		"prints 100 MB",
		"head -c 104857600 /dev/zero",
		/probe printed more than 16 MiB/,
	],
	[
		"prints 100 MB of complaints",
		"head -c 104857600 /dev/zero >&2",
		/probe printed more than 16 MiB/,
	],
	[
		"prints one endless line",
		"yes fact | tr -d '\\n'",
		/probe printed more than 16 MiB/,
	],
	[
		"cuts its report short",
		'sh -c "$SSH_ORIGINAL_COMMAND" | head -n 5',
		/report was truncated: \d facts arrived, the closing line is missing/,
	],
	["hangs", "exec sleep 300", /did not (?:answer|end) within 3 s/],
	[
		"drips forever",
		"while :; do echo fact; sleep 0.2; done",
		/did not (?:answer|end) within 3 s/,
	],
	[
		"greets before it answers",
		`echo 'Welcome'; ${asAsked}`,
		/line 1 of the host program's report: expected a report of protocol 2, got "Welcome"; .*~\/\.bashrc/,
	],
	["answers nothing and 0", "exit 0", /report of protocol 2, got ""/],
	[
		"drops the connection",
		'kill -9 "$(ps -o ppid= -p $$ | tr -d " ")"',
		/connection was lost/,
	],
	[
		"speaks of a later protocol",
		"printf 'metaltune\\t3\\nend\\t0\\n'",
		/expected a report of protocol 2, got "metaltune 3"/,
	],
];

describe("a host that", () => {
	test.each(hostile)(
		"%s is unreachable, and why is said",
		async (_, script, why) => {
			lab.answer("light-1", script);
			// Only what never ends is waited for that shortly: machines are busy.
			const seconds = why.source.includes("within 3 s") ? "3" : "60";
			const run = drift("--json", "--timeout", seconds);
			expect(await run).toMatchObject({ code: 1, stderr: "" });
			const hosts = await hostsOf(run);
			expect(hosts).toMatchObject([
				{ name: "light-1", status: "unreachable", deviations: [] },
				{ name: "light-2", status: "clean" },
			]);
			expect(hosts[0].why).toMatch(why);
			expect(hosts[0].why.length).toBeLessThan(20_000);
		},
	);

	test("attacks every format with a whole report breaks none", async () => {
		lab.answer("light-1", hostileReport);
		const files = ["a.json", "a.xml", "a.md"];
		const ended = await drift(...files.flatMap((file) => ["--write", file]));
		expect(ended).toMatchObject({ code: 2, stderr: "" });
		const texts = files.map((f) => readFileSync(join(directory, f), "utf8"));
		for (const text of [ended.stdout, ...texts]) {
			expect(text.split("\n").filter((line) => !isPrintable(line))).toEqual([]);
			expect(text).toContain("pwned");
		}
		expect(ended.stdout).not.toContain("##[");
		expect(texts[1]).not.toContain("<script>");
	});
});
