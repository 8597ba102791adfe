import { expect, test } from "@jest/globals";
import { files } from "../../tunables/files";
import { settingsFromYaml } from "../support/inventory";
import { describeTunable } from "../support/tunableContract";

const file = "etc/fx/fx.toml";
const yaml = (extra: string) => `
/etc/fx/fx.toml:
  content: |
    level = 1
    name = "fx\\"
${extra}`;
const content = 'level = 1\nname = "fx\\"\n';

describeTunable(files, [
	{
		name: "a file where there was one, checked first",
		yaml: yaml("  mode: 0640\n  check: [grep, -q, ^level, '{}']\n"),
		before: { [file]: "level = 0" },
		after: { [file]: content },
		drifts: [
			{
				name: "a changed file",
				change: { [file]: "level = 2\n" },
				finds: { "files./etc/fx/fx.toml": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "/etc/other.conf: {content: ''}",
			restores: { [file]: "level = 0" },
		},
	},
	{
		name: "files in a directory that was not there, one empty, with owners",
		yaml: `
/srv/fx/a/empty: {content: "", owner: daemon, group: "4711"}
/srv/fx/b: {content: "no newline", mode: "0600", owner: root}
`,
		after: { "srv/fx/a/empty": "", "srv/fx/b": "no newline" },
		drifts: [
			{
				name: "a removed file",
				change: { "srv/fx/b": undefined },
				finds: {
					"files./srv/fx/b": "liveDrift",
					"files./srv/fx/b:mode": "liveDrift",
					"files./srv/fx/b:owner": "liveDrift",
				},
			},
		],
		shrunk: {
			yaml: '/srv/fx/b: {content: "no newline"}',
			restores: { "srv/fx/a/empty": undefined },
		},
	},
	{
		name: "a file that its check refuses",
		yaml: yaml("  check: [grep, -q, ^nothing, '{}']\n"),
		before: { [file]: "level = 0" },
		after: { [file]: "level = 0", [`${file}.metaltune-new`]: undefined },
		verdicts: { "files./etc/fx/fx.toml": "liveDrift" },
		fails: /fx\.toml: refused by its check; the file is unchanged/,
	},
	{
		name: "a larger file, replaced and put back",
		yaml: yaml(""),
		before: { [file]: "x".repeat(20_000) },
		after: { [file]: content },
	},
]);

test.each([
	["etc/x: {content: a}", /expected an absolute path/],
	["/etc/../x: {content: a}", /expected a path without \. and \.\./],
	["/etc/sysctl.d/zz-metaltune.conf: {content: a}", /belongs to metaltune/],
	["/etc/fstab: {content: a}", /belongs to mounts/],
	["/proc/sys/vm/swappiness: {content: '0'}", /belongs to the kernel/],
	[`/etc/x: {content: "${"x".repeat(8193)}"}`, /at most 8192 bytes, got 8193/],
	['/etc/x: {content: "a\\0b"}', /without control characters/],
	["/etc/x: {content: 5}", /expected the text of the file, got 5/],
	["/etc/x: {content: a, check: [grep, x]}", /expected \{\} in one of/],
	["/etc/x: {content: a, mode: rw}", /expected permissions in octal/],
])("refuses %s", (yaml, message) => {
	expect(() => settingsFromYaml(files, yaml)).toThrow(message);
});
