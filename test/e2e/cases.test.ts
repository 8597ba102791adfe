/**
 * Cases of test/cases that only a real kernel, systemd, PAM or mount can prove:
 * each is applied, is in effect, and is reverted to what the machine had before.
 */
import { readFileSync } from "node:fs";
import { caseFile, caseSpecs } from "../support/caseHost";
import { type MetalLab, startMetalLab } from "./lab";
import { type HostProgram, installProgram } from "./program";

interface MachineCase {
	readonly name: string;
	/** Makes the machine what the case begins with. */
	readonly before?: string;
	/** Commands and what they print once the settings are applied. */
	readonly effect: { readonly [command: string]: string };
	/** What the same commands print after the revert, where it is not as before. */
	readonly reverted?: { readonly [command: string]: string };
}

const sysctl = (key: string) => `sysctl -n ${key}`;
const unit = `[Service]
ExecStart=/bin/sleep infinity
[Install]
Alias=food.service
WantedBy=multi-user.target`;
const foo = `mkdir -p /usr/local/lib/systemd/system
printf '%s\\n' '${unit.replaceAll("\n", "' '")}' >/usr/local/lib/systemd/system/foo.service
systemctl daemon-reload && systemctl enable --now foo.service`;

const machineCases: readonly MachineCase[] = [
	{
		name: "sysctl-hex",
		effect: { [sysctl("net.ipv4.tcp_fastopen")]: "1027" },
	},
	{ name: "sysctl-octal", effect: { [sysctl("kernel.sysrq")]: "432" } },
	{
		name: "sysctl-reserved-ports",
		effect: {
			[sysctl("net.ipv4.ip_local_reserved_ports")]: "10050-10051,11211",
		},
	},
	{
		name: "sysctl-flow-bitmap",
		effect: { [sysctl("net.core.flow_limit_cpu_bitmap")]: "ff" },
	},
	{
		name: "watchdog-cpumask",
		effect: { [sysctl("kernel.watchdog_cpumask")]: "0-3" },
	},
	{
		name: "dirty-bytes-revert",
		effect: {
			[sysctl("vm.dirty_bytes")]: "629145600",
			[sysctl("vm.dirty_ratio")]: "0",
		},
	},
	{
		name: "dirty-ratio-over-bytes",
		before: "sysctl -qw vm.dirty_bytes=629145600",
		effect: {
			[sysctl("vm.dirty_ratio")]: "10",
			[sysctl("vm.dirty_bytes")]: "0",
		},
	},
	{
		name: "overcommit-kbytes",
		effect: { [sysctl("vm.overcommit_kbytes")]: "8388608" },
	},
	{
		name: "limits-spelling",
		before: `cat >/etc/security/limits.conf <<'END'
${readFileSync(caseFile("limits-spelling", "input/etc/security/limits.conf"), "utf8")}END`,
		effect: { "su -s /bin/bash root -c 'ulimit -Ss; ulimit -u'": "9000\n5000" },
	},
	{
		name: "service-alias",
		before: foo,
		effect: {
			"systemctl is-active foo.service || :": "inactive",
			"systemctl is-enabled foo.service || :": "disabled",
		},
	},
	{
		name: "service-alias-masked",
		before: foo,
		effect: {
			"systemctl is-active foo.service || :": "inactive",
			"systemctl is-enabled foo.service || :": "masked",
		},
	},
];

let lab: MetalLab;
let program: HostProgram;

beforeAll(async () => {
	lab = await startMetalLab();
	program = installProgram(lab.machine);
});
afterAll(() => lab?.remove());

const said = async (command: string) => (await lab.machine.ssh(command)).trim();

async function saidOf(commands: readonly string[]) {
	const answers: { [command: string]: string } = {};
	for (const command of commands) answers[command] = await said(command);
	return answers;
}

test.each(machineCases.map((each) => [each.name, each] as const))(
	"%s",
	async (name, { before, effect, reverted }) => {
		if (before !== undefined) await lab.machine.ssh(before);
		const [spec] = caseSpecs(name);
		const settings = spec?.settings ?? [];
		const commands = Object.keys(effect);
		const was = await saidOf(commands);
		expect(program.run("apply", settings)).toMatchObject({
			status: 0,
			stderr: "",
		});
		expect(await saidOf(commands)).toEqual(effect);
		expect(new Set(Object.values(program.verdicts(settings)))).toEqual(
			new Set(["ok"]),
		);
		expect(program.run("revert")).toMatchObject({ status: 0, stderr: "" });
		expect(await saidOf(commands)).toEqual(reverted ?? was);
		program = installProgram(lab.machine);
	},
);

test("limits-nofile-above-nr-open: refused before anything is written", async () => {
	const [spec] = caseSpecs("limits-nofile-above-nr-open");
	// What a kernel starts with: systemd of Debian 13 raises it beyond any limit.
	await lab.machine.ssh("sysctl -qw fs.nr_open=1048576");
	const before = await said("ls /etc/security/limits.d; ulimit -Hn");
	const refused = program.run("apply", spec?.settings ?? []);
	expect(refused.status).not.toBe(0);
	expect(refused.stderr).toContain("nr_open");
	expect(await said("ls /etc/security/limits.d; ulimit -Hn")).toBe(before);
});

test("sysctl-module-at-boot: the rule sets the key when the module is loaded", async () => {
	await lab.machine.ssh("modprobe nf_conntrack");
	const [spec] = caseSpecs("sysctl-module-at-boot");
	const settings = spec?.settings ?? [];
	const key = "net.netfilter.nf_conntrack_max";
	expect(program.run("apply", settings)).toMatchObject({ status: 0 });
	expect(await said(sysctl(key))).toBe("300000");
	await lab.machine.ssh("modprobe -r nf_conntrack");
	expect(program.verdicts(settings)).toEqual({ [key]: "unsupported" });
	await lab.machine.ssh("modprobe nf_conntrack && udevadm settle");
	expect(await said(sysctl(key))).toBe("300000");
	expect(program.verdicts(settings)).toEqual({ [key]: "ok" });
});
