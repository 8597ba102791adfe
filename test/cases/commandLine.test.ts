/** Values, lengths and CPUs of a kernel command line, as the kernel reads them. */
import { describe, expect, test } from "@jest/globals";
import {
	caseSettings,
	expectReverted,
	expectUnchanged,
	hostWithMenu,
	lineFacts,
} from "../support/caseBoot";
import { caseHost } from "../support/caseHost";

const menu = "boot/grub/grub.cfg";
const key = "hugepages[1G]";

/** What GRUB passes to the kernel of the first entry. */
const firstLine = (text: string) =>
	/^\tlinux\t\S+ (.*)$/m.exec(text)?.[1]?.replace(/ +/g, " ") ?? "";

test.each(["1GB", "1024M", "1048576K", "1g", "0x40000000"])(
	"hugepagesz-1GB: the pair spelled %s is taken away",
	(size) => {
		const host = hostWithMenu("hugepagesz-1GB");
		const defaults = "etc/default/grub";
		const text = host.read(defaults).replaceAll("1GB", size);
		host.write(defaults, text);
		host.write(menu, host.read(menu).replaceAll("1GB", size));
		const settings = caseSettings("hugepagesz-1GB");
		expect(lineFacts(host, settings)).toEqual({ [key]: "1" });
		const before = host.snapshot();
		// The pages themselves need the reboot.
		host.run("apply", { settings });
		expect(firstLine(host.read(menu)).match(/\S*hugepages\S*/g)).toEqual([
			`default_hugepagesz=${size}`,
			"hugepagesz=1G",
			"hugepages=2",
		]);
		expect(lineFacts(host, settings)).toEqual({ [key]: "2" });
		expectReverted(host, before);
	},
);

test.each(["el-9", "debian-12-systemd-boot"] as const)(
	"hugepagesz-1GB: %s, and pages of 2M stay",
	(distribution) => {
		const host = caseHost("hugepagesz-1GB", distribution);
		const entries = [...host.snapshot().keys()].filter((path) =>
			/loader\/entries\/.*\.conf$/.test(path),
		);
		const pairs = "hugepagesz=1GB hugepages=1 hugepagesz=2M hugepages=512";
		for (const path of [...entries, "etc/kernel/cmdline"]) {
			const text = host.read(path);
			host.write(
				path,
				path.endsWith(".conf")
					? text.replace(/^options.*$/m, `$& ${pairs}`)
					: text.replace("\n", ` ${pairs}\n`),
			);
		}
		const settings = caseSettings("hugepagesz-1GB");
		const before = host.snapshot();
		expect(lineFacts(host, settings)).toEqual({ [key]: "1" });
		host.run("apply", { settings });
		const changed = entries.filter((path) => !path.includes("-0-rescue"));
		for (const path of changed) {
			expect(
				host
					.read(path)
					.match(/\bhugepages\S*/g)
					?.toSorted(),
			).toEqual([
				"hugepages=2",
				"hugepages=512",
				"hugepagesz=1G",
				"hugepagesz=2M",
			]);
			expect(host.read(path)).toMatch(/hugepagesz=2M hugepages=512/);
			expect(host.read(path)).toMatch(/hugepagesz=1G hugepages=2( |$)/m);
		}
		expectReverted(host, before);
	},
);

test("default-hugepagesz-first: pages without a size are of the default one", () => {
	const name = "default-hugepagesz-first";
	const host = hostWithMenu(name);
	const settings = caseSettings(name);
	expect(lineFacts(host, settings)).toEqual({ [key]: "8" });
	const before = host.snapshot();
	host.run("apply", { settings });
	expect(firstLine(host.read(menu))).toMatch(
		/dyndbg="file a isolcpus=3" default_hugepagesz=1073741824 hugepagesz=2M hugepages=512 hugepagesz=1G hugepages=0:2,1:2$/,
	);
	expect(host.read(menu)).toContain('dyndbg="file a  isolcpus=3"');
	expect(lineFacts(host, settings)).toEqual({ [key]: "0:2,1:2" });
	expectReverted(host, before);
});

test("cpu-list-n: N and all are CPUs of the host, and - is _", () => {
	const name = "cpu-list-n";
	const host = hostWithMenu(name);
	const settings = caseSettings(name);
	expect(lineFacts(host, settings)).toEqual({
		irqaffinity: "0,2,4,6",
		nohz_full: "8-15",
		rcu_nocbs: "0-15",
	});
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	expect(firstLine(host.read(menu))).toMatch(
		/ro irqaffinity=0-6:1\/2 nohz_full=8-15 rcu_nocbs=0-15$/,
	);
	expect(() =>
		caseSettings(name, "kernelCommandLine: {nohz_full: 8-N}"),
	).toThrow(/write the numbers of the CPUs/);
});

describe("cmdline-2048", () => {
	const name = "cmdline-2048";

	test("a stride stays as it is declared", () => {
		const values = caseSettings(name).map(({ value }) => value);
		expect(values).toEqual([
			"managed_irq,domain,1-511:1/2",
			"1-511:1/2",
			"1-511:1/2",
		]);
		const host = caseHost(name);
		host.write("sys/devices/system/cpu/possible", "0-511\n");
		const settings = caseSettings(name);
		expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
		expect(host.read(menu)).toContain("isolcpus=managed_irq,domain,1-511:1/2");
		expect(lineFacts(host, settings)).toMatchObject({
			nohz_full: "1-511:1/2",
		});
	});

	test("parameters that are too long in all are refused", () => {
		const list = Array.from({ length: 256 }, (_, i) => 2 * i + 1).join(",");
		expect(() =>
			caseSettings(
				name,
				`kernelCommandLine: {isolcpus: "${list}", nohz_full: "${list}", rcu_nocbs: "${list}"}`,
			),
		).toThrow(/at most 2047 bytes in all/);
	});
});

test("cmdline-2048-host: the whole line is measured before it is written", () => {
	const name = "cmdline-2048-host";
	const host = hostWithMenu(name);
	const settings = caseSettings(name);
	expectUnchanged(
		host,
		settings,
		/kernelCommandLine isolcpus: expected a line of at most 2047 bytes.*got 20\d\d/,
	);
	const path = "etc/default/grub";
	const word =
		" usb-storage.quirks57=0bda:9210:u usb-storage.quirks58=0bda:9210:u";
	host.write(path, host.read(path).replace(word, ""));
	host.write(menu, host.read(menu).replaceAll(word, ""));
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	const longest = `BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64 ${firstLine(host.read(menu))}`;
	expect(longest.length).toBeLessThanOrEqual(2047);
});

test("cpus-not-possible: CPUs that the host can never have are refused", () => {
	const name = "cpus-not-possible";
	const host = caseHost(name);
	const settings = caseSettings(name);
	expectUnchanged(
		host,
		settings,
		/kernelCommandLine isolcpus: expected CPUs of 0-15, .* got 8-31:1\/2[\s\S]*workqueue\.unbound_cpus: expected CPUs of 0-15/,
	);
	host.write(
		"proc/cmdline",
		host.read("proc/cmdline").replace("\n", " nr_cpus=16\n"),
	);
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
});
