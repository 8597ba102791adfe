/** Simulated hosts start, serve, reboot and stop without a trace. */
import { spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { waitFor } from "../../lab/light/runProgram";
import {
	type SimulatedHost,
	type SimulatedLab,
	startSimulatedHosts,
	stopSimulatedHosts,
} from "../../lab/light/simulatedHosts";

jest.setTimeout(120_000);

const directory = mkdtempSync(join(tmpdir(), "lab-"));
const bootId = "proc/sys/kernel/random/boot_id";
let lab: SimulatedLab;

beforeAll(async () => {
	lab = await startSimulatedHosts({
		count: 20,
		directory,
		// Of this process, so that other labs on this machine are not in the way.
		firstPort: 24_000 + (process.pid % 100) * 20,
	});
});
afterAll(async () => {
	await stopSimulatedHosts(directory);
	rmSync(directory, { recursive: true, force: true });
});

function host(index: number): SimulatedHost {
	const found = lab.hosts[index];
	if (found === undefined) {
		throw new Error(`expected host ${index}, got ${lab.hosts.length} hosts`);
	}
	return found;
}

/** Runs a line on a host over real ssh, trusting the pinned key only. */
function ssh(target: SimulatedHost, line: string, hostKey = target.hostKey) {
	const knownHosts = join(directory, "known_hosts");
	writeFileSync(knownHosts, `[127.0.0.1]:${target.port} ${hostKey}\n`);
	const options = [
		"-F/dev/null",
		`-oUserKnownHostsFile=${knownHosts}`,
		"-oStrictHostKeyChecking=yes",
		"-oBatchMode=yes",
		"-oIdentityFile=none",
		`-p${target.port}`,
	];
	const done = spawnSync("ssh", [...options, `${lab.user}@127.0.0.1`, line], {
		encoding: "utf8",
		env: { ...process.env, SSH_AUTH_SOCK: lab.agentSocket },
	});
	return { status: done.status, output: done.stdout.trim() };
}

function processesOfLab(): readonly string[] {
	const found = spawnSync("pgrep", ["-f", "-a", directory], {
		encoding: "utf8",
	});
	return found.stdout.split("\n").filter((line) => line !== "");
}

test("every host serves its own tree behind its own key", () => {
	const roots = lab.hosts.map((each) => ssh(each, 'printf %s "$ROOT"'));
	expect(roots).toEqual(
		lab.hosts.map((each) => ({ status: 0, output: each.root })),
	);
	expect(new Set(lab.hosts.map((each) => each.hostKey)).size).toBe(20);
	expect(host(3).connections()).toBe(1);
});

test("another host's key is refused", () => {
	expect(ssh(host(0), "true", host(1).hostKey).status).toBe(255);
});

test("fakes come first on PATH", () => {
	expect(ssh(host(0), "uname -r").output).toBe("6.1.0-28-amd64");
});

test("a reboot drops the connection and brings up what was persisted", async () => {
	const target = host(1);
	const before = ssh(target, `cat "$ROOT/${bootId}"`).output;
	const line = [
		"echo 'GRUB_CMDLINE_LINUX_DEFAULT=\"isolcpus=managed_irq,domain,2-5 nohz_full=0-5 hugepages=64 nosmt\"' >$ROOT/etc/default/grub.d/zz.cfg",
		"echo 'vm.swappiness = 7' >$ROOT/etc/sysctl.d/zz.conf",
		"echo 1 | tee $ROOT/proc/sys/net/ipv4/ip_forward",
		"touch $ROOT/run/volatile",
		"update-grub",
		"systemctl reboot",
		"sleep 60",
	].join("; ");
	expect(ssh(target, line).status).toBe(255);
	await waitFor("the host to answer", () => ssh(target, "true").status === 0);
	const read = (path: string): string =>
		readFileSync(join(target.root, path), "utf8").replace(/\n$/, "");
	expect(read(bootId)).not.toBe(before);
	expect(read("proc/cmdline")).toMatch(/ ro isolcpus=managed_irq,domain,2-5 /);
	expect(read("sys/devices/system/cpu/isolated")).toBe("2-5");
	expect(read("sys/devices/system/cpu/nohz_full")).toBe("1-5");
	expect(read("sys/devices/system/cpu/online")).toBe("0-7");
	expect(read("proc/sys/vm/nr_hugepages")).toBe("64");
	expect(read("proc/sys/vm/swappiness")).toBe("7");
	expect(read("proc/sys/net/ipv4/ip_forward")).toBe("0");
	expect(ssh(target, "ls $ROOT/run").output).toBe("");
	expect(target.reboots()).toBe(1);
});

test("a boot runs metaltune's service; a marked host waits to return", async () => {
	const target = host(2);
	const program = join(target.root, "usr/local/sbin/metaltune");
	writeFileSync(program, '#!/bin/sh\necho "$1" >"$ROOT/var/log/ran"\n', {
		mode: 0o755,
	});
	const wants = "etc/systemd/system/multi-user.target.wants";
	const link = join(target.root, wants, "metaltune.service");
	mkdirSync(dirname(link), { recursive: true });
	writeFileSync(join(dirname(dirname(link)), "metaltune.service"), "");
	symlinkSync("../metaltune.service", link);
	const marker = join(target.root, ".lab/no-return");
	writeFileSync(marker, "");
	ssh(target, "systemctl reboot; sleep 60");
	expect(ssh(target, "true").status).toBe(255);
	rmSync(marker);
	await waitFor("the host to answer", () => ssh(target, "true").status === 0);
	expect(readFileSync(join(target.root, "var/log/ran"), "utf8")).toBe("boot\n");
});

test("stop leaves no process, not even one a session detached", async () => {
	ssh(
		host(4),
		'setsid -f sleep 600 </dev/null >/dev/null 2>&1; systemd-run --on-active=600 --unit=x touch "$ROOT/x"',
	);
	expect(processesOfLab().length).toBeGreaterThan(20);
	await lab.stop();
	expect(processesOfLab()).toEqual([]);
	const carriers = spawnSync(
		"sh",
		["-c", `grep -lzxF 'ROOT=${host(4).root}' /proc/[0-9]*/environ`],
		{ encoding: "utf8" },
	);
	expect(carriers.stdout).toBe("");
});
