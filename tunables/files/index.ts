/**
 * files: small configuration files of applications.
 *
 * Mechanism: the setting carries the content, and one rename replaces the file,
 * after `check`, a command in which {} stands for the new file, has accepted it. A
 * refused file never gets its name: the old one stays. Missing parents are created,
 * and removed when they are empty again. Undeclared mode, owner and group keep
 * their values, or are 0644 root root. Owners are looked up in /etc/passwd; those
 * without a name there are declared by number.
 *
 * Latency: none directly; the file tells an application its CPUs, pages and queues.
 * `services`, restartOn, restarts applications that must read it again.
 *
 * Cannot be undone: what an application did because of the file. The original is
 * restored byte for byte.
 *
 * Value of a file: `sha256:HEX SIZE`; reports, previews and plain state show
 * nothing else of the declared or present content. The content is a secret in
 * Pulumi's state, and on the host it is in files that only root reads. The
 * inventory is plain text, and names secret content by `contentSecret`: without the
 * stack such a content is unknown, and has no setting. Larger files belong to
 * applications.
 *
 * In a directory that an account controls, such as its home, that account reads,
 * writes and owns the file: root would follow a link that the account puts there.
 */
import {
	type Infer,
	list,
	map,
	object,
	record,
} from "../../inventory/decode/decoder";
import {
	contentSecret,
	contentValue,
	fileContent,
	fileMode,
	withSecretMode,
} from "../../inventory/decode/fileContent";
import { filePath } from "../../inventory/decode/hostPaths";
import { text } from "../../inventory/decode/scalars";
import { fileSource } from "../../inventory/sections/fileSources";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

const path = filePath("Where the file is");

const name = text({
	description: "A name, or a number in quotes",
	pattern: /^(?:[a-z_][a-z0-9_-]*|0|[1-9][0-9]*)$/,
	expected: "a name, or a number in quotes",
});

const check = map(
	list(
		text({
			description: "One word",
			pattern: /^[^\s]+$/,
			expected: "a word without whitespace",
		}),
		"A command that must accept the new file, {}, before it is used",
	),
	(words, fail) =>
		words.some((word) => word.includes("{}"))
			? words.join(" ")
			: fail("expected {} in one of the words, where the new file's path goes"),
);

const decoder = record(
	path,
	map(
		object(
			{
				optional: {
					content: fileContent,
					source: fileSource,
					contentSecret,
					mode: fileMode,
					owner: name,
					group: name,
					check,
				},
			},
			"One file; its content, or where that is beside the inventory",
		),
		// Decoding has replaced an inventory file's source by its content.
		({ source, ...file }, fail) => {
			const { content, contentSecret } = file;
			if (content === undefined && contentSecret === undefined) {
				return fail(
					`expected one of content, source, contentSecret, got ${source === undefined ? "none" : `the source ${source} outside of an inventory file`}`,
				);
			}
			return withSecretMode(file, fail);
		},
	),
	"Small files",
);

type Files = Infer<typeof decoder>;

function settings(spec: Files): readonly Setting[] {
	return Object.entries(spec).flatMap(([path, file]) => {
		const { content, contentSecret: _, ...aspects } = file;
		return [
			...(content === undefined
				? []
				: [{ key: path, value: contentValue(content), content }]),
			...Object.entries(aspects).map(([aspect, value]) => ({
				key: `${path}:${aspect}`,
				value,
			})),
		].map(
			(setting): Setting => ({
				tunable: "files",
				match: "exact",
				effect: "live",
				...setting,
			}),
		);
	});
}

export const files: Tunable<Files> = {
	name: "files",
	docs: {
		summary: "small configuration files, checked before they are used",
		keys: [
			{
				key: "PATH",
				meaning: "the content; reports show its SHA-256 and size",
				values:
					"one of content: text of at most 8192 bytes; source: a local file with it, relative to the inventory file that says so; contentSecret: a key of the stack's config that holds it as a secret",
			},
			{
				key: "PATH:ASPECT",
				meaning: "mode, owner or group",
				values:
					"0644, or 0600 with contentSecret; a name, or a number in quotes where it has none",
			},
			{
				key: "PATH:check",
				meaning:
					"a command that must accept the new file before it replaces the old one",
				values: "a list of words, {} in one of them for the new file",
			},
		],
		layers: ["live"],
		needsReboot: "never",
		risks: [
			"a content is readable in the inventory, unless it is a contentSecret; in Pulumi's state it is a secret, of which hash and size can be read",
			"a directory above it that another account controls: the file is written by that account and belongs to it; apply fails where several accounts do",
			"each file adds its size and a third to the state of its host",
		],
		cannotBeUndone: "what an application did because of the file",
		persistence: "the file itself",
		sources: ["rename(2)", "sha256sum(1)"],
		example: `files:
  /etc/fx/fx.conf:
    content: |
      cpus = 8-15
    mode: 0640
    check: [grep, -q, ^cpus, "{}"]`,
	},
	decoder,
	settings,
};
