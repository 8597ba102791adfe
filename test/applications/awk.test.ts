/** The awk programs of applications: text in, text out, by every awk there is. */
import { spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const directory = join(__dirname, "../../applications/host");
const textOf = (name: string) =>
	readFileSync(join(directory, `${name}.awk`), "utf8");

let root: string;

beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), "metaltune-awk-"));
	const files = {
		"etc/passwd": "root:x:0:0::/:/bin/sh\nfx:x:7:70::/:/bin/sh\n",
		"etc/group": "root:x:0:\nhuge:x:71:\n",
		"proc/5/task/5/status": status("fx", "8-9"),
		"proc/5/task/5/stat": stat("fx", 0, 0, 0),
		"proc/5/task/6/status": status("io-1", "8"),
		"proc/5/task/6/stat": stat("io-1", 0, 50, 1),
		"proc/5/status":
			"Name:\tfx\nUid:\t7\t7\t7\t7\nGid:\t70\t70\t70\t70\nCapAmb:\t0000000000800000\nHugetlbPages:\t2048 kB\nGroups:\t71\n",
		"proc/5/limits":
			"Max open files            1024                 4096                 files\n",
		"proc/5/numa_maps":
			"7f00 bind:0 anon=3 N0=3\n7f01 default heap anon=1 N1=1\n7f02 default file=/lib/x mapped=1\n",
	};
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
});
afterAll(() => rmSync(root, { recursive: true }));

function status(name: string, cpus: string): string {
	return `Name:\t${name}\nCpus_allowed_list:\t${cpus}\n`;
}

/** Fields as proc(5) numbers them: 19 nice, 40 priority, 41 policy. */
function stat(name: string, nice: number, priority: number, policy: number) {
	const fields = Array.from({ length: 52 }, (_, index) =>
		String({ 19: nice, 40: priority, 41: policy }[index + 1] ?? 0),
	);
	return `5 (${name}) S ${fields.slice(3).join(" ")}\n`;
}

interface Case {
	readonly name: string;
	readonly programs: readonly string[];
	readonly separator?: string;
	readonly values?: { readonly [name: string]: string };
	/** ROOT in a value, the input or the output is the tree's directory. */
	readonly input: string;
	readonly output: string;
	readonly env?: { readonly [name: string]: string };
}

const tasks = "task\tROOT/proc/5/task/5\ntask\tROOT/proc/5/task/6\n";

const cases: readonly Case[] = [
	{
		name: "files of a release",
		programs: ["files"],
		values: { OFS: "\t", files: "fx.files." },
		input:
			"applications\tfx.release\texact\t1\tlive\napplications\tfx.files./etc/a\texact\tsha256:0 1\tlive\napplications\tfx.files./etc/a:mode\texact\t0640\tlive\n",
		output: "/etc/a\tsha256:0 1\t0640\n",
	},
	{
		name: "the group of a unit: its user's",
		programs: ["unitGroup"],
		separator: "=",
		values: { etc: "ROOT/etc/" },
		input: "[Service]\nUser=fx\n",
		output: "70\n",
	},
	{
		name: "the group of a unit: its own",
		programs: ["unitGroup"],
		separator: "=",
		values: { etc: "ROOT/etc/" },
		input: "[Service]\nUser=fx\nGroup=huge\n",
		output: "71\n",
	},
	{
		name: "the group of a unit that is root's",
		programs: ["unitGroup"],
		separator: "=",
		values: { etc: "ROOT/etc/" },
		input: "[Service]\nUser=root\n",
		output: "",
	},
	{
		name: "what runs the same program outside of the unit",
		programs: ["alike"],
		values: { main: "5", pids: "5 6", releases: "/opt/metaltune/fx/releases/" },
		input:
			"5\t/usr/bin/fx\n6\t/usr/bin/sh\n7\t/usr/bin/fx (deleted)\n8\t/opt/metaltune/fx/releases/1/fx\n9\t/usr/bin/sh\n10\t\n",
		output: "same 7\nrelease 8\n",
	},
	{
		name: "a stray has the same arguments and no unit or container",
		programs: ["stray"],
		separator: " ",
		values: { main: "5" },
		env: { TEST: "fx bench", CHECK: "" },
		input: `same 7
same 8
same 9
same 11
${[5, 7, 8, 9, 11].map((pid) => `${pid}/cgroup:0::/${pid === 8 ? "system.slice/metaltune-other.service" : "user"}\n${pid}/cmdline:1:fx\n${pid}/cmdline:2:${pid === 7 ? "bench" : "run"}\n${pid}/status:NSpid:\t${pid}${pid === 9 ? "\t1" : ""}\n`).join("")}`,
		output: "11\n",
	},
	{
		name: "what a deployment has to make right, and by what",
		programs: ["wrong"],
		values: { app: "fx." },
		input:
			"applications\tfx.cpus\tliveDrift\tbad\t-\tlive\t8\t0\t-\texact\napplications\tfx.threads.io.cpus\tliveDrift\tbad\t-\tlive\t8\t0\t-\texact\napplications\tfx.running\tbootDrift\tok\tbad\tlive\trunning\trunning\tnot-started\texact\napplications\tfx.running\tliveDrift\tbad\tok\tlive\trunning\trunning, but process 4 runs outside of its unit\trunning\texact\napplications\tother.cpus\tliveDrift\tbad\t-\tlive\t8\t0\t-\texact\n",
		output: "restart\nbeside\nbeside\n",
	},
	{
		name: "threads that are not where their group belongs",
		programs: ["thread", "moves"],
		values: { us: ";" },
		input: `key\tthreads.io-*.cpus\t8-9\nkey\tthreads.io-1.scheduler\tfifo 50\nkey\tthreads.none.cpus\t3\n${tasks}`,
		output: "6;cpus;8-9\n-;none;\n",
	},
	{
		name: "what threads and processes got",
		programs: ["thread", "got"],
		values: { app: "fx", root: "ROOT", pids: "5", groups: "71", all: "0-1" },
		input: `key\tcpus\t8-9\nkey\tthreads.io-*.scheduler\tfifo 50\nkey\tcpunodebind\t1\nkey\tmemory\tbind:0\nkey\tlimits.nofile\t1024:4096\nkey\tcapabilities\t0000000000800000\nkey\thugePages\t1\nkey\thugetlbfs\tmember\nkey\tnice\t-5\nnode\t0\t0-7\nnode\t1\t8-15\n${tasks}`,
		output: `fact\tapplications\tfx.cpus\tlive\tvalue\tthread 6 io-1: 8\t/proc/5/task/6/status
fact\tapplications\tfx.threads.io-*.scheduler\tlive\tvalue\tfifo 50\t/proc/5
fact\tapplications\tfx.cpunodebind\tlive\tvalue\t1\t/proc/5
fact\tapplications\tfx.memory\tlive\tvalue\tprocess 5 at 7f01: default\t/proc/5/numa_maps
fact\tapplications\tfx.limits.nofile\tlive\tvalue\t1024:4096\t/proc/5
fact\tapplications\tfx.capabilities\tlive\tvalue\t0000000000800000\t/proc/5
fact\tapplications\tfx.hugePages\tlive\tvalue\t2048\t/proc/5/status
fact\tapplications\tfx.hugetlbfs\tlive\tvalue\tmember\t/proc/5
fact\tapplications\tfx.nice\tlive\tvalue\t0\t/proc/5/task/5/stat
`,
	},
];

test("every program has a case", () => {
	const files = readdirSync(directory).filter((name) => name.endsWith(".awk"));
	const tried = new Set(cases.flatMap(({ programs }) => programs));
	expect([...tried].map((name) => `${name}.awk`).toSorted()).toEqual(
		files.toSorted(),
	);
});

describe.each([
	["mawk"],
	["gawk", "--posix"],
	["original-awk"],
	["busybox", "awk"],
])("%s", (...command) => {
	test.each(cases)("$name", (one) => {
		const inTree = (text: string) => text.replaceAll("ROOT", root);
		const values = Object.entries(one.values ?? {}).flatMap(([name, value]) => [
			"-v",
			`${name}=${inTree(value)}`,
		]);
		const [file = "", ...args] = command;
		const { stdout, stderr } = spawnSync(
			file,
			[
				...args,
				...["-F", one.separator ?? "\t", ...values],
				one.programs.map(textOf).join("\n"),
			],
			{
				input: inTree(one.input),
				env: { PATH: process.env.PATH, ...one.env },
				encoding: "utf8",
			},
		);
		expect({ stdout, stderr }).toEqual({ stdout: one.output, stderr: "" });
	});
});
