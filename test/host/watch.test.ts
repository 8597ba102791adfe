/**
 * The script that watches a host, by a real shell in a tree of its own. Time is
 * a command there: what passes it also moves the counters.
 */
import { spawnSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { watch, watchCpus } from "../../host/watch";
import { parseWatched } from "../../observe/cpu/watched";

let directory: string;

const counters = (seconds: number, ticks: number) => ({
	"proc/uptime": `${seconds}.00 1.00\n`,
	"proc/stat": `cpu0 ${ticks} 0 0 ${ticks} 0 0 0 0 0 0\n`,
	"proc/interrupts": `  CPU0\nLOC: ${ticks} Local timer interrupts\n`,
});

function write(path: string, text: string): void {
	const file = join(directory, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

function writeAll(files: { readonly [path: string]: string }): void {
	for (const [path, text] of Object.entries(files)) write(path, text);
}

/** A command of the host; what it is called with goes to `calls`. */
function command(name: string, body: string): void {
	const text = `#!/bin/sh\necho ${name} "$@" >>"$ROOT/calls"\n${body}\n`;
	write(`bin/${name}`, text);
	chmodSync(join(directory, "bin", name), 0o755);
}

const time = 'cp -R "$ROOT/later/." "$ROOT/"';

function watched() {
	const done = spawnSync("sh", ["-c", watchCpus(5)], {
		env: { ROOT: directory, PATH: join(directory, "bin") },
		encoding: "utf8",
	});
	expect(done).toMatchObject({ status: 0, stderr: "" });
	return {
		parsed: parseWatched(done.stdout),
		calls: readFileSync(join(directory, "calls"), "utf8").trim().split("\n"),
	};
}

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "watch-"));
	writeAll(counters(100, 1000));
	writeAll({
		"sys/devices/system/cpu/online": "0-7\n",
		"sys/devices/system/cpu/isolated": "4-7\n",
	});
	for (const [path, text] of Object.entries(counters(110, 1200))) {
		write(`later/${path}`, text);
	}
	command("sleep", time);
	for (const path of ["/bin/sh", "/bin/cp", "/usr/bin/tr"]) {
		symlinkSync(path, join(directory, "bin", basename(path)));
	}
});
afterEach(() => rmSync(directory, { recursive: true }));

const byKernel = {
	online: "0-7",
	isolated: "4-7",
	nohzFull: "",
	rates: { source: "/proc/interrupts twice, 10.0 s" },
};

test("without mpstat it sleeps between two readings", () => {
	const { parsed, calls } = watched();
	expect(calls).toEqual(["sleep 5"]);
	expect(parsed).toMatchObject({
		...byKernel,
		times: { source: "/proc/stat twice, 10.0 s; there is no mpstat" },
	});
	expect(parsed.times.value?.get(0)?.idle).toBe(50);
	expect(parsed.rates.value?.get(0)?.timer?.perSecond).toBe(20);
});

test("mpstat that knows JSON runs once, untranslated", () => {
	const json =
		'{"sysstat": {"hosts": [{"statistics": [{"cpu-load": [{"cpu": "0", "irq": 1.00, "soft": 0.00, "steal": 0.00, "iowait": 0.00, "idle": 9.00}]}]}]}}';
	command("mpstat", `${time}; echo '${json}'; echo "$LC_ALL" >>"$ROOT/calls"`);
	const { parsed, calls } = watched();
	expect(calls).toEqual(["mpstat -P ALL -o JSON 5 1", "C"]);
	expect(parsed).toMatchObject({
		...byKernel,
		times: { source: "mpstat -P ALL -o JSON, 10.0 s" },
	});
	expect(parsed.times.value?.get(0)?.irq).toBe(1);
});

test("mpstat that does not know JSON is asked for its table", () => {
	const table =
		"Average: CPU %irq %soft %steal %iowait %idle\nAverage: 0 0.00 2.00 0.00 0.00 9.00";
	command(
		"mpstat",
		`[ "$3" != -o ] || { echo Usage: >&2; exit 1; }\n${time}\necho '${table}'`,
	);
	const { parsed, calls } = watched();
	expect(calls).toEqual(["mpstat -P ALL -o JSON 5 1", "mpstat -P ALL 5 1"]);
	expect(parsed.times.source).toBe("mpstat -P ALL, 10.0 s");
	expect(parsed.times.value?.get(0)?.soft).toBe(2);
});

test("mpstat that fails leaves it to the kernel's counters", () => {
	command("mpstat", "echo '== end'; echo broken >&2; exit 1");
	const { parsed, calls } = watched();
	expect(calls.at(-1)).toBe("sleep 5");
	expect(parsed.times.source).toBe("/proc/stat twice, 10.0 s; mpstat failed");
	expect(parsed.times.value?.get(0)?.idle).toBe(50);
});

test("an unreadable file is undetermined, an absent one is known", () => {
	rmSync(join(directory, "sys/devices/system/cpu/isolated"));
	mkdirSync(join(directory, "sys/devices/system/cpu/isolated"));
	expect(watched().parsed).toMatchObject({ isolated: undefined, nohzFull: "" });
});

test("no output of the host is run as a command", () => {
	write(
		"sys/devices/system/cpu/online",
		"0-7; $(touch $ROOT/x) `touch $ROOT/x`",
	);
	command("mpstat", "echo '$(touch $ROOT/x)'; echo \"'; touch $ROOT/x\"");
	expect(watched().parsed.online).toBeUndefined();
	expect(existsSync(join(directory, "x"))).toBe(false);
});

test("a host on which it fails is named, with why", async () => {
	const ended = { code: undefined, signal: "KILL", stdout: "", stderr: "" };
	const session = { run: () => Promise.resolve(ended) };
	await expect(
		watch({ name: "fx-1", become: true, timeouts: {}, session }, 5),
	).rejects.toThrow("fx-1: watching CPUs: killed by signal KILL: no output");
});
