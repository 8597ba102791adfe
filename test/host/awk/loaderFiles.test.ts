// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of GRUB
/** Awk programs that read and change the files of boot loaders, under every awk. */
import { type AwkCase, testAwk } from "../../support/awk";

const give = "host/boot/entriesGive.awk";
const entry = "host/boot/grubEntry.awk";
const menu = "host/boot/grubMenu.awk";
const set = "host/boot/parametersSet.awk";
const listed = "host/boot/systemdBootEntries.awk";

const menuOf = (...sections: readonly (readonly string[])[]) =>
	sections.flatMap(([name, ...lines]) => [
		`### BEGIN /etc/grub.d/${name} ###`,
		...lines,
		`### END /etc/grub.d/${name} ###`,
	]);
const boots = (name: string, line: string) => [
	`menuentry '${name}' --class debian $menuentry_id_option '${name}-id' {`,
	"\tsavedefault",
	"\tinsmod ext2",
	`\tlinux\t${line}`,
	"\tinitrd\t/initrd.img",
	"}",
];
const debian = boots("Debian", "/vmlinuz-6 root=/dev/sda1 ro quiet");

const grub = "etc/default/grub";
const later = `${grub}.d/zzz.cfg`;
const ours = `${grub}.d/zz-metaltune.cfg`;
const decides = "host/boot/grubDecides.awk";

/** Who decides isolcpus and panic, by these files in the order of grub-mkconfig. */
const decision = (
	what: string,
	files: Readonly<Record<string, readonly string[]>>,
	answers: readonly string[],
): readonly [string, string, AwkCase] => [
	decides,
	what,
	{
		separator: "\t",
		lines: ["key\tisolcpus", "key\tpanic"],
		files,
		operands: ["-", ...Object.keys(files)],
		answers,
	},
];
const decisions = [
	decision(
		"a file that sets the key, and the first where none does",
		{ [grub]: ["X=1"], [later]: ['GRUB_CMDLINE_LINUX="quiet isolcpus=3"'] },
		[`decides\tisolcpus\t${later}:1`, `decides\tpanic\t${grub}`],
	),
	decision(
		"no other file, after metaltune's own",
		{ [grub]: ['GRUB_CMDLINE_LINUX="isolcpus=3"'], [ours]: ["X=1"] },
		[],
	),
	decision(
		"a later file that adds to the line decides what it names",
		{
			[ours]: ["X=1"],
			[later]: [
				"# panic=1",
				'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT panic=1"',
			],
		},
		[`decides\tpanic\t${later}:2`],
	),
	decision(
		"a later file that sets the line anew drops the rest",
		{ [ours]: ["X=1"], [later]: ["GRUB_CMDLINE_LINUX_DEFAULT='quiet'"] },
		[`decides\tisolcpus\t${later}:1`, `decides\tpanic\t${later}:1`],
	),
];

const cases: readonly (readonly [string, string, AwkCase])[] = [
	[
		give,
		"the original values follow at the end of an entry's line",
		{
			variables: { keys: "panic nohz-full", where: "^options[ \\t]+" },
			files: {
				kept: ["title A", 'options quiet nohz_full="4-7" panic=1'],
				now: ["title B", "options quiet splash"],
			},
			operands: ["kept", "now"],
			answers: ["title B", 'options quiet splash nohz_full="4-7" panic=1'],
		},
	],
	[
		give,
		"a variable of the shell keeps its closing quote",
		{
			variables: { keys: "panic", where: "^GRUB_CMDLINE_LINUX=" },
			files: {
				kept: ['GRUB_CMDLINE_LINUX="panic=1 quiet"'],
				now: ["GRUB_TIMEOUT=5", 'GRUB_CMDLINE_LINUX="quiet"'],
			},
			operands: ["kept", "now"],
			answers: ["GRUB_TIMEOUT=5", 'GRUB_CMDLINE_LINUX="quiet panic=1"'],
		},
	],
	...decisions,
	[
		entry,
		"the entry of a kernel, with other arguments",
		{
			variables: { id: "previous", image: "/vmlinuz-6" },
			environment: { ARGUMENTS: "root=/dev/sda1 'a b'" },
			lines: [...boots("newer", "/vmlinuz-7 quiet"), ...debian],
			answers: [
				"menuentry 'metaltune: previous' --id metaltune-previous --unrestricted {",
				"\tinsmod ext2",
				"\tlinux /vmlinuz-6 root=/dev/sda1 'a b'",
				"\tinitrd\t/initrd.img",
				"}",
			],
		},
	],
	[
		entry,
		"the first entry with its own arguments, and panic= where it has none",
		{
			variables: { id: "next", panic: "panic=10" },
			lines: debian,
			answers: [
				"menuentry 'metaltune: next' --id metaltune-next --unrestricted {",
				"\tinsmod ext2",
				"\tlinux /vmlinuz-6 root=/dev/sda1 ro quiet panic=10",
				"\tinitrd\t/initrd.img",
				"}",
			],
		},
	],
	[
		entry,
		"a Boot Loader Specification file",
		{
			variables: { id: "next", panic: "panic=10" },
			files: {
				"rocky.conf": [
					"title Rocky",
					"linux /vmlinuz-5",
					"initrd /a.img $tuned_initrd",
					"options root=UUID=1 panic=3",
				],
			},
			operands: ["rocky.conf"],
			answers: [
				"menuentry 'metaltune: next' --id metaltune-next --unrestricted {",
				"\tlinux ($root)/vmlinuz-5 root=UUID=1 panic=3",
				"\tinitrd ($root)/a.img $tuned_initrd",
				"}",
			],
		},
	],
	[
		entry,
		"no entry of that kernel",
		{
			variables: { id: "previous", image: "/vmlinuz-4" },
			lines: debian,
			status: 1,
			answers: [],
		},
	],
	[
		menu,
		"this system's entries without recovery, and the words that 10_linux adds",
		{
			lines: [
				'set default="0"',
				...menuOf(
					[
						"10_linux",
						...debian,
						"menuentry 'first try' 'gnulinux-try' {",
						'if [ "${initrdfail}" = 1 ]; then',
						"\tlinux /vmlinuz-6 root=PARTUUID=1 ro",
						"else",
						"\tlinux /vmlinuz-6 root=PARTUUID=1 ro panic=-1 nosplash",
						"fi",
						"}",
						"menuentry 'recovery' 'gnulinux-6-recovery-1' {",
						"\tlinux /vmlinuz-6 root=/dev/sda1 ro single",
						"}",
					],
					["20_memtest86+", "menuentry 'memtest' {", "\tlinux /memtest", "}"],
				),
			],
			answers: [
				'set default="0"',
				"fixed panic=-1",
				"fixed nosplash",
				"line  root=/dev/sda1 ro quiet",
				"line  root=PARTUUID=1 ro",
				"line  root=PARTUUID=1 ro panic=-1 nosplash",
			],
		},
	],
	[
		menu,
		"the saved entry is another system's",
		{
			variables: { saved: "Other-id" },
			lines: [
				'set default="${saved_entry}"',
				...menuOf(
					["10_linux", ...debian],
					["30_os-prober", ...boots("Other", "/other root=/dev/sdb1")],
				),
			],
			answers: [
				'set default="${saved_entry}"',
				"other Other",
				"line  root=/dev/sda1 ro quiet",
			],
		},
	],
	[
		menu,
		"a menu without sections",
		{
			lines: debian,
			answers: ["line  root=/dev/sda1 ro quiet"],
		},
	],
	[
		set,
		"parameters are replaced before the arguments of init",
		{
			variables: { keys: "nohz_full hugepages[2M]", added: "nohz_full=4-7" },
			lines: [
				'quiet nohz-full=1 a="b c" hugepages=4 hugepagesz=1G hugepages=2 -- nohz_full=1',
				"",
				"# a comment",
			],
			answers: [
				'quiet a="b c" hugepagesz=1G hugepages=2 nohz_full=4-7 -- nohz_full=1',
				"",
				"# a comment",
			],
		},
	],
	[
		set,
		"the first line of options of an entry gets them",
		{
			variables: {
				keys: "panic",
				added: "panic=10",
				where: "^options[ \\t]+",
			},
			lines: ["title A", "options\tquiet panic=1", "options splash panic=2"],
			answers: ["title A", "options\tquiet panic=10", "options splash"],
		},
	],
	[
		set,
		"an entry without options gets a line",
		{
			variables: { keys: "panic", added: "panic=10", where: "^options[ \\t]+" },
			lines: ["title A"],
			answers: ["title A", "options panic=10"],
		},
	],
	[
		listed,
		"this machine's kernels only",
		{
			variables: { machine: "abc" },
			files: {
				"a.conf": [
					"linux /a",
					"machine-id abc",
					"options quiet",
					"options x\ty",
				],
				"efi.conf": ["efi /shell.efi", "options -v"],
				"other.conf": ["linux /o", "machine-id def", "options o"],
				"abc-0-rescue.conf": ["linux /r", "options r"],
				"e/metaltune-previous+3-0.conf": ["linux /a", "options m"],
				"none.conf": ["linux /n"],
			},
			operands: [
				"a.conf",
				"efi.conf",
				"other.conf",
				"abc-0-rescue.conf",
				"e/metaltune-previous+3-0.conf",
				"none.conf",
			],
			answers: ["a.conf\tquiet x y", "none.conf\t"],
		},
	],
];

for (const [program, title, given] of cases) {
	testAwk(`${program}: ${title}`, { program, ...given });
}
