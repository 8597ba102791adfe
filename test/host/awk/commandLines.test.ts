// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is a variable of GRUB
/** Awk programs that read and write kernel command lines, under every awk. */
import { type AwkCase, testAwk } from "../../support/awk";

const tabs = (...fields: readonly string[]): string => fields.join("\t");
const facts = "tunables/kernelCommandLine/facts.awk";
const length = "tunables/kernelCommandLine/length.awk";
const removed = "host/boot/grubbyRemoved.awk";
const fact = (key: string, status: string, text: string) =>
	tabs("fact", "kernelCommandLine", key, "boot", status, text, "grub.cfg");

const cases: readonly (readonly [string, string, AwkCase])[] = [
	[
		facts,
		"lists, sizes and a parameter that is not there",
		{
			separator: "\t",
			variables: { layer: "boot", source: "grub.cfg", possible: "0-15" },
			lines: [
				...["isolcpus", "default_hugepagesz", "quiet"].map((key) =>
					tabs("key", key),
				),
				tabs("line", "root=/dev/sda1 isolcpus=4-N default_hugepagesz=1024M"),
			],
			answers: [
				fact("isolcpus", "value", "4-15"),
				fact("default_hugepagesz", "value", "1G"),
				fact("quiet", "absent", ""),
			],
		},
	],
	[
		facts,
		"lines that differ, and a parameter that is given twice",
		{
			separator: "\t",
			variables: { layer: "boot", source: "grub.cfg", possible: "0-15" },
			lines: [
				tabs("key", "panic"),
				tabs("line", "panic=10"),
				tabs("line", "panic=10 panic=-1"),
			],
			answers: [fact("panic", "value", "10 | 10 -1")],
		},
	],
	[
		facts,
		"no line at all",
		{
			separator: "\t",
			variables: { layer: "boot", source: "grub.cfg" },
			lines: [tabs("key", "panic")],
			answers: [fact("panic", "unreadable", "no boot entry was found")],
		},
	],
	...[
		[29, []],
		[
			28,
			[
				"panic|expected a line of at most 28 bytes, as the kernel cuts off the rest, got 29; shorten it, as by strides such as 1-511:1/2, or remove parameters",
			],
		],
	].map(
		([most, answers]) =>
			[
				length,
				`29 bytes where ${most} are allowed`,
				{
					separator: "\t",
					variables: { us: "|", most: String(most) },
					lines: [
						tabs("row", "panic", " panic=10"),
						tabs("line", "root=/dev/sda1 quiet panic=1"),
					],
					answers: answers as readonly string[],
				},
			] as const,
	),
	[
		removed,
		"pages of another size are kept",
		{
			variables: { keys: "hugepages[1G]" },
			lines: ["hugepagesz=2M hugepages=64 hugepagesz=1GB hugepages=2"],
			answers: [
				"remove hugepages hugepagesz hugepages hugepagesz hugepages hugepagesz",
				"keep hugepagesz=2M hugepages=64",
			],
		},
	],
	[
		removed,
		"lines that keep different pages are refused",
		{
			variables: { keys: "hugepages[1G]" },
			lines: ["hugepagesz=2M hugepages=64", "hugepagesz=2M hugepages=32"],
			status: 1,
			answers: [],
		},
	],
	[
		"host/boot/grubExpanded.awk",
		"variables in both spellings, and one that is not set",
		{
			lines: [
				'set kernelopts="quiet panic=10"',
				"line options $kernelopts ${tuned_params} end",
				"line plain",
			],
			answers: ["options quiet panic=10  end", "plain"],
		},
	],
	[
		"host/boot/systemdBootEntry.awk",
		"the same kernel, and no sort key",
		{
			variables: { name: "provisional" },
			lines: [
				"title Debian",
				"sort-key debian",
				"version 6.1",
				"linux /vmlinuz",
				"initrd /initrd.img",
				"options quiet",
			],
			answers: [
				"title metaltune: provisional",
				"linux /vmlinuz",
				"initrd /initrd.img",
				"options ",
			],
		},
	],
	[
		"host/boot/systemdBootRunning.awk",
		"what the loader puts in front is left out",
		{
			lines: [
				String.raw`initrd=\EFI\a.img initrd=\EFI\b.img root=/dev/sda1 quiet`,
				"root=/dev/sda1 initrd=x",
			],
			answers: ["root=/dev/sda1 quiet", "root=/dev/sda1 initrd=x"],
		},
	],
	[
		"host/boot/grubNote.awk",
		"1024 bytes, as GRUB asks",
		{
			lines: [],
			answers: ["# GRUB Environment Block", "metaltune_provisional=pending"],
		},
	],
];

for (const [program, title, given] of cases) {
	testAwk(`${program}: ${title}`, { program, ...given });
}

testAwk("host/lib/command_line.awk: quotes keep blanks inside a word", {
	text: `{
		n = split_command_line($0, words, raw)
		for (i = 1; i <= n; i++) print words[i] "|" raw[i]
	}`,
	lines: ['a="b c" dyndbg="file x +p"', ""],
	answers: ['a=b c|a="b c"', 'dyndbg=file x +p|dyndbg="file x +p"'],
});
