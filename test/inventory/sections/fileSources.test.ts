/** Content of local files, read with the inventory that names them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sections } from "../../../applications/sections";
import {
	contentValue,
	type SecretReader,
} from "../../../inventory/decode/fileContent";
import { loadInventory } from "../../../inventory/load";
import { InventoryError } from "../../../model/problem";
import { ed25519 } from "../inventoryDirectory";

const machine = `connection: {user: root}
machines: {one: {address: 192.0.2.1, hostKey: ${ed25519()}}}
`;

type Files = { readonly [path: string]: string | Uint8Array };

/** Settings of `files` by key, or the problems. */
function loaded(files: Files, secret?: SecretReader): unknown {
	const root = mkdtempSync(join(tmpdir(), "inventory-"));
	try {
		for (const [name, contents] of Object.entries(files)) {
			const path = join(root, name);
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, contents);
		}
		const stack = secret === undefined ? {} : { secret };
		const [spec] = loadInventory(join(root, "hosts"), sections, stack);
		return Object.fromEntries(
			(spec?.settings ?? []).map(({ key, value }) => [key, value]),
		);
	} catch (error) {
		if (error instanceof InventoryError) return error.message.split("\n");
		throw error;
	} finally {
		rmSync(root, { recursive: true });
	}
}

const group = (file: string) =>
	`${machine}tuning:\n  files:\n    /etc/fx.conf: ${file}\n`;

test("is relative to the file that names it, a profile or a group", () => {
	expect(
		loaded({
			"hosts/a.yaml": `extends: profiles/p
${group("{source: a.conf, mode: 0600}")}`,
			"hosts/a.conf": "of the group\n",
			"hosts/profiles/p.yaml": `tuning:
  files:
    /etc/fx.conf: {content: of the profile}
    /etc/other.conf: {source: ../../shared/other.conf}
`,
			"shared/other.conf": "tab\there, ünïcode, no newline",
		}),
	).toEqual({
		"/etc/fx.conf": contentValue("of the group\n"),
		"/etc/fx.conf:mode": "0600",
		"/etc/other.conf": contentValue("tab\there, ünïcode, no newline"),
	});
});

test("is overridden by the content of a machine, and the other way round", () => {
	const profile = (file: string) => `tuning: {files: {/etc/fx.conf: ${file}}}`;
	const own = (file: string) => `connection: {user: root}
extends: profiles/p
machines: {one: {address: 192.0.2.1, hostKey: ${ed25519()}, tuning: {files: {/etc/fx.conf: ${file}}}}}
`;
	expect(
		loaded({
			"hosts/a.yaml": own("{content: own}"),
			"hosts/profiles/p.yaml": profile("{source: p.conf}"),
			"hosts/profiles/p.conf": "of the profile",
		}),
	).toEqual({ "/etc/fx.conf": contentValue("own") });
	expect(
		loaded({
			"hosts/a.yaml": own("{source: own.conf}"),
			"hosts/profiles/p.yaml": profile("{content: of the profile}"),
			"hosts/own.conf": "",
		}),
	).toEqual({ "/etc/fx.conf": contentValue("") });
});

test.each<[string, string, Files, string]>([
	[
		"is not there",
		"{source: none}",
		{},
		"expected a file that can be read at hosts/none, got ENOENT",
	],
	[
		"is a directory",
		"{source: profiles}",
		{ "hosts/profiles/p.yaml": "" },
		"expected a file that can be read at hosts/profiles, got EISDIR",
	],
	[
		"is too large",
		"{source: a.conf}",
		{ "hosts/a.conf": "x".repeat(8193) },
		"hosts/a.conf: expected at most 8192 bytes, got 8193",
	],
	[
		"is not text",
		"{source: a.conf}",
		{ "hosts/a.conf": Buffer.from([0xff, 0xfe]) },
		"hosts/a.conf: expected text in UTF-8, got other bytes",
	],
	[
		"holds control characters",
		"{source: a.conf}",
		{ "hosts/a.conf": "a\0b" },
		"hosts/a.conf: expected text without control characters",
	],
	[
		"is on one machine only",
		"{source: /etc/hosts}",
		{},
		"expected a path relative to this file, got /etc/hosts",
	],
	[
		"stands beside content",
		'{content: "", source: a.conf}',
		{ "hosts/a.conf": "" },
		"expected one of content, source, contentSecret, got content and source; keep one of them",
	],
	["is not a name", "{source: [a]}", {}, "expected a path relative"],
])("is refused once, with its line, when it %s", (_name, file, files, why) => {
	const problems = loaded({ "hosts/a.yaml": group(file), ...files });
	expect(problems).toEqual([
		expect.stringMatching(
			/^hosts\/a\.yaml:5:\d+: tuning\.files\.\/etc\/fx\.conf\.source: /,
		),
	]);
	expect(problems).toEqual([expect.stringContaining(why)]);
});

test("a file needs either", () => {
	expect(loaded({ "hosts/a.yaml": group("{mode: 0600}") })).toEqual([
		expect.stringMatching(
			/^hosts\/a\.yaml:5:\d+: tuning\.files\.\/etc\/fx\.conf: expected one of content, source, contentSecret, got none/,
		),
	]);
});

const token = "hunter2\n";
const secretOf: SecretReader = (key) =>
	key === "fxToken"
		? token
		: new Error(`expected a secret, got none of the name ${key}`);
const secrets = `${group("{contentSecret: fxToken}")}applications:
  fx:
    path: /usr/bin/fx
    files:
      - {path: /etc/fx/token, contentSecret: fxToken}
`;

describe("a secret of the stack", () => {
	test("is the content, of mode 0600, where the stack is at hand", () => {
		const value = contentValue(token);
		expect(loaded({ "hosts/a.yaml": secrets }, secretOf)).toMatchObject({
			"/etc/fx.conf": value,
			"/etc/fx.conf:mode": "0600",
			"fx.files./etc/fx/token": value,
			"fx.files./etc/fx/token:mode": "0600",
		});
	});

	test("is unknown without it, and then no setting says what it is", () => {
		const settings = loaded({ "hosts/a.yaml": secrets });
		expect(settings).toMatchObject({
			"/etc/fx.conf:mode": "0600",
			"fx.files./etc/fx/token:mode": "0600",
		});
		expect(settings).not.toHaveProperty(["/etc/fx.conf"]);
		expect(settings).not.toHaveProperty(["fx.files./etc/fx/token"]);
	});

	test("that is missing is reported with its place, all at once", () => {
		const files = { "hosts/a.yaml": secrets.replaceAll("fxToken", "other") };
		expect(loaded(files, secretOf)).toEqual([
			"hosts/a.yaml:5:35: tuning.files./etc/fx.conf.contentSecret: expected a secret, got none of the name other",
			"hosts/a.yaml:7:3: applications.fx.files: expected a secret, got none of the name other",
		]);
	});

	test.each([
		[
			"{contentSecret: a, content: b}",
			"got contentSecret and content; keep one",
		],
		["{contentSecret: a, mode: 0644}", "keeps a secret from every account"],
		["{contentSecret: 'a b'}", "expected a key of the stack's config"],
	])("%s is refused, with and without the stack", (file, why) => {
		for (const secret of [undefined, () => "text"]) {
			expect(loaded({ "hosts/a.yaml": group(file) }, secret)).toEqual(
				expect.arrayContaining([expect.stringContaining(why)]),
			);
		}
	});
});
