/** Kernel parameters: names, spellings of values, limits in pairs, modules. */
import { expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import { caseHost, caseSpecs } from "../support/caseHost";
import type { FakeHost } from "../support/hostRun";

const sys = (key: string) => `proc/sys/${key.replaceAll(".", "/")}`;
const rules = "etc/udev/rules.d/99-zz-metaltune-sysctl.rules";

function write(host: FakeHost, values: { readonly [key: string]: string }) {
	for (const [key, text] of Object.entries(values)) {
		host.write(sys(key), `${text}\n`);
	}
}

function settingsOf(name: string) {
	const [spec] = caseSpecs(name);
	if (spec === undefined) throw new Error(`${name}: expected a host`);
	return spec.settings;
}

/** Applies a case; returns its verdicts by key. */
function applied(name: string, host: FakeHost) {
	const settings = settingsOf(name);
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
	// A second run has nothing to do.
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stdout: "",
	});
	return verdictsOf(name, host);
}

function verdictsOf(name: string, host: FakeHost) {
	const settings = settingsOf(name);
	const { stdout } = host.run("probe", { settings });
	return Object.fromEntries(
		parseReport(stdout, settings).findings.map((finding) => [
			finding.setting.key,
			finding.verdict,
		]),
	);
}

test.each([
	["sysctl-hex", "net.ipv4.tcp_fastopen", "1", "1027"],
	["sysctl-octal", "kernel.sysrq", "438", "432"],
	[
		"sysctl-reserved-ports",
		"net.ipv4.ip_local_reserved_ports",
		"",
		"10050-10051,11211",
	],
	["sysctl-flow-bitmap", "net.core.flow_limit_cpu_bitmap", "0000", "00ff"],
	["watchdog-cpumask", "kernel.watchdog_cpumask", "0-15", "0-3"],
])("%s: a value is compared as the kernel shows it", (name, key, was, is) => {
	const host = caseHost(name);
	write(host, { [key]: was });
	expect(applied(name, host)).toEqual({ [key]: "ok" });
	expect(host.read(sys(key)).trim()).toBe(is);
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	expect(host.read(sys(key)).trim()).toBe(was);
});

test("digits in text stay text", () => {
	const host = caseHost("sysctl-text-of-digits");
	write(host, { "kernel.hostname": "a" });
	expect(
		new Set(Object.values(applied("sysctl-text-of-digits", host))),
	).toEqual(new Set(["ok"]));
	expect(host.read(sys("kernel.core_pattern"))).toBe("0x10 010\n");
	expect(host.read(sys("kernel.hostname"))).toBe("007\n");
});

test("names stay text", () => {
	const host = caseHost("sysctl-bbr");
	const available = sys("net.ipv4.tcp_available_congestion_control");
	host.write(available, "reno cubic bbr\n");
	write(host, { "net.ipv4.tcp_congestion_control": "cubic" });
	expect(new Set(Object.values(applied("sysctl-bbr", host)))).toEqual(
		new Set(["ok"]),
	);
});

test.each([
	["sysctl-leading-dash", ["write net.ipv4.conf.all.promote_secondaries"]],
	[
		"sysctl-write-only",
		[
			"net.ipv4.route.flush triggers an action",
			"vm.drop_caches triggers an action",
		],
	],
	["sysctl-trigger-slashes", ["vm.compact_memory triggers an action"]],
	[
		"sysctl-read-only",
		["fs.file-nr is read-only", "kernel.osrelease is read-only"],
	],
	["sysctl-rps-roundup", ["up to a power of two; declare 32768"]],
	["conntrack-buckets", ["up to a multiple of 512; declare 100352"]],
	["dirty-both-declared", ["contradicts"]],
	["sysctl-interface-with-dot", ["net.ipv4.conf.eth0/100.rp_filter"]],
	["sysctl-letter-case", ["in lower case"]],
	["sysctl-port-range", ['up to 65535, separated by commas, got "20-10"']],
])("%s is refused, with what to do", (name, messages) => {
	for (const message of messages) {
		expect(() => caseSpecs(name)).toThrow(message);
	}
});

test.each([
	[
		"dirty-bytes-revert",
		{
			"vm.dirty_ratio": "20",
			"vm.dirty_background_ratio": "10",
			"vm.dirty_bytes": "0",
			"vm.dirty_background_bytes": "0",
		},
	],
	[
		"dirty-ratio-over-bytes",
		{
			"vm.dirty_ratio": "0",
			"vm.dirty_bytes": "629145600",
		},
	],
	[
		"overcommit-kbytes",
		{
			"vm.overcommit_memory": "0",
			"vm.overcommit_ratio": "50",
			"vm.overcommit_kbytes": "0",
		},
	],
])("%s: the limit that was in force is restored", (name, originals) => {
	const host = caseHost(name);
	write(host, originals);
	expect(new Set(Object.values(applied(name, host)))).toEqual(new Set(["ok"]));
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	for (const [key, text] of Object.entries(originals)) {
		expect([key, host.read(sys(key)).trim()]).toEqual([key, text]);
	}
});

test("a later file with the other limit is boot drift", () => {
	const host = caseHost("dirty-ratio-over-bytes");
	applied("dirty-ratio-over-bytes", host);
	host.write("etc/sysctl.d/zzz.conf", "vm.dirty_bytes = 4194304\n");
	expect(verdictsOf("dirty-ratio-over-bytes", host)).toEqual({
		"vm.dirty_ratio": "bootDrift",
	});
});

test.each(["on", "off"])("sysctl-numa: %s, and 2 again on revert", (mode) => {
	const [spec] = caseSpecs("sysctl-numa", `memory: {numaBalancing: ${mode}}`);
	const host = caseHost("sysctl-numa");
	write(host, { "kernel.numa_balancing": "2" });
	expect(host.run("apply", { settings: spec?.settings ?? [] })).toMatchObject({
		status: 0,
	});
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	expect(host.read(sys("kernel.numa_balancing"))).toBe("2\n");
});

test.each([
	["sysctl-module-at-boot", "net.netfilter.nf_conntrack_max", "nf_conntrack"],
	[
		"sysctl-bridge-module",
		"net.bridge.bridge-nf-call-iptables",
		"br_netfilter",
	],
])("%s: a udev rule sets the key of a module", (name, key, module) => {
	const host = caseHost(name);
	write(host, { [key]: "1" });
	host.write(`sys/module/${module}/initstate`, "live\n");
	expect(applied(name, host)).toEqual({ [key]: "ok" });
	expect(host.read(rules)).toContain(
		`ACTION=="add", SUBSYSTEM=="module", KERNEL=="${module}", RUN+="/usr/lib/systemd/systemd-sysctl --prefix=/${key.split(".").slice(0, 2).join("/")}"`,
	);
	host.remove(rules);
	expect(verdictsOf(name, host)).toEqual({ [key]: "bootDrift" });
	host.remove(sys(key));
	host.remove(`sys/module/${module}`);
	const settings = settingsOf(name);
	const { stdout } = host.run("probe", { settings });
	expect(stdout).toContain(`unsupported\tthe module ${module} is not loaded`);
});

test("a key of an interface that does not exist fails", () => {
	const host = caseHost("sysctl-missing-interface");
	const settings = settingsOf("sysctl-missing-interface");
	const run = host.run("apply", { settings });
	expect(run.status).toBe(65);
	expect(run.stderr).toMatch(/net\.ipv4\.conf\.eth9\.rp_filter.*absent/);
});
