/** Awk programs that answer for a tunable's keys, under every awk. */
import { type AwkCase, testAwk } from "../../support/awk";

const tabs = (...fields: readonly string[]): string => fields.join("\t");
const sizes = "tunables/memory/sizes.awk";
const dpkg = "tunables/packages/dpkg.awk";
const line = "tunables/mounts/line.awk";
const nrOpen = "tunables/limits/nr_open.awk";

const openFiles = (
	wanted: string,
	boot = "absent",
	text = "",
	source = "",
) => ({
	separator: "\t",
	variables: { OFS: "|" },
	lines: [
		tabs("fact", "sysctl", "fs.nr_open", "live", "value", "1048576", "x"),
		tabs("fact", "sysctl", "fs.nr_open", "boot", boot, text, source),
		tabs("setting", "limits", "root.nofile.hard", "exact", wanted),
	],
});

const cases: readonly (readonly [string, string, AwkCase])[] = [
	[
		sizes,
		"a size that gives more than the file for all is named",
		{
			variables: { top: "never", wanted: "never", pmd: "2048kB" },
			lines: ["64kB inherit", "2048kB inherit", "1024kB always"],
			answers: ["never, 1024kB: always"],
		},
	],
	[
		sizes,
		"only what contradicts is written, and an odd word is",
		{
			variables: { top: "never", wanted: "never", change: "1", pmd: "2048kB" },
			lines: ["64kB inherit", "1024kB always", "512kB odd"],
			answers: ["1024kB inherit", "512kB inherit"],
		},
	],
	[
		dpkg,
		"a former name, a foreign architecture and a broken package",
		{
			variables: { names: "linux-perf tuned wine perf" },
			lines: [
				"dpkg ii amd64 ",
				"linux-perf-6.1 ii amd64 linux-perf, perf (= 6.1)",
				"wine ii i386 ",
				"tuned iU all ",
				"gone rc amd64 ",
			],
			answers: ["linux-perf present", "tuned broken(iU)", "perf present"],
		},
	],
	[
		line,
		"quotes, escapes and slashes as mount reads them; the last line counts",
		{
			variables: { path: "/mnt/my data" },
			lines: [
				"# UUID=x /mnt/my\\040data ext4",
				"/dev/sdb1 /mnt/my\\040data ext4",
				'LABEL="a\\040b" /mnt//my\\040data/ ext4 noatime 0 0',
				"/dev/sdc1 /mnt ext4 defaults 0 0",
			],
			answers: [String.raw`LABEL=a\040b ext4 noatime`],
		},
	],
	[nrOpen, "a limit that fits", { ...openFiles("1048576"), answers: [] }],
	[
		nrOpen,
		"a limit above what the kernel allows now",
		{
			...openFiles("2000000"),
			answers: [
				"root.nofile.hard|fs.nr_open is 1048576, and a login with a higher limit can fail; declare at most that, or sysctl fs.nr_open",
			],
		},
	],
	[
		nrOpen,
		"a limit above what a file of others sets at the next boot",
		{
			...openFiles("65536", "value", "1024", "/etc/sysctl.d/zzz.conf:3"),
			answers: [
				"root.nofile.hard|fs.nr_open is after a boot 1024 (/etc/sysctl.d/zzz.conf:3), and a login with a higher limit can fail; declare at most that, or sysctl fs.nr_open",
			],
		},
	],
	[
		"host/lib/unit_links.awk",
		"links by name, to the file, and a mask",
		{
			separator: "\t",
			variables: { root: "/r", unit: "foo.service" },
			lines: [
				tabs("/r/etc/food.service", "/usr/lib/foo.service"),
				tabs("/r/etc/foo.service", "/dev/null"),
				tabs("/r/etc/bar.service", "/usr/lib/bar.service"),
			],
			answers: [
				tabs("/etc/food.service", "/usr/lib/foo.service"),
				tabs("/etc/foo.service", "/dev/null"),
			],
		},
	],
	[
		"host/lib/unit_alias.awk",
		"an alias counts in the section [Install] only",
		{
			variables: { name: "food.service" },
			lines: ["[Unit]", "Alias=food.service", "[Install]", "Alias=x.service"],
			answers: [],
		},
	],
];

for (const [program, title, given] of cases) {
	testAwk(`${program}: ${title}`, { program, ...given });
}
