/**
 * Pure decoders of `applications` in an inventory file. artifacts.ts reads the
 * files that it names.
 */

import type { Applications } from "../../model/application";
import { capabilities } from "../../model/capabilities";
import {
	type Decoder,
	list,
	map,
	object,
	record,
	union,
} from "../decode/decoder";
import { absolutePath } from "../decode/hostPaths";
import { boolean, integer, oneOf, scalarText, text } from "../decode/scalars";
import { localPath, releaseFile, withoutDots } from "./applicationFiles";
import { nice, numactl, scheduler, taskset, threads } from "./placement";

const pathOnHost = absolutePath("A path on the host");

const account = (description: string) =>
	text({
		description,
		pattern: /^[a-z_][a-z0-9_-]{0,31}$/,
		expected: "a name of at most 32 letters, digits, _ and -",
	});

const command = map(
	list(
		text({
			description: "One word",
			pattern: /^\S+$/,
			expected: "a word without whitespace",
		}),
		"A command and its arguments, in the release's directory",
	),
	(words, fail) =>
		words.length > 0 ? words : fail("expected a command, got an empty list"),
);

const timeoutSeconds = integer({
	description: "How long it may take to come up; 30 when absent",
	min: 1,
	max: 3600,
	unit: "seconds",
});

const health = map(
	object(
		{
			optional: {
				command,
				tcp: integer({
					description: "A process listens on this port",
					min: 1,
					max: 65_535,
				}),
				http: text({
					description: "Answered with `status`",
					pattern: /^https?:\/\/[!-~]+$/,
					expected: "a URL such as http://127.0.0.1:8080/health",
				}),
				status: integer({
					description: "Of http; 200 when absent",
					min: 100,
					max: 599,
				}),
				timeoutSeconds,
			},
		},
		"How one can tell that it works",
	),
	(spec, fail) => {
		const given = ["command", "tcp", "http"] as const;
		const checks = given.filter((each) => spec[each] !== undefined);
		if (checks.length !== 1) {
			return fail(
				`expected one of ${given.join(", ")}, got ${checks.join(" and ") || "none"}`,
			);
		}
		return spec.status !== undefined && spec.http === undefined
			? fail("expected status with http only")
			: spec;
	},
);

const count = integer({ description: "The limit", min: 0 });
const limit = union(
	[map(count, String), oneOf(["unlimited"], "No limit")],
	"Both the soft and the hard limit",
);

const limits = object(
	{
		optional: {
			core: limit,
			memlock: limit,
			nofile: limit,
			nproc: limit,
			rtprio: map(
				integer({ description: "The highest priority", min: 0, max: 99 }),
				String,
			),
			stack: limit,
		},
	},
	"Resource limits: bytes for memlock, stack and core, else numbers",
);

const fields = {
	binary: localPath(
		"Beside this file: an executable, an archive (.tar, .tar.gz, .tgz), or a directory with / at its end",
	),
	sha256: text({
		description: "Of binary: the file as it is, or the archive",
		pattern: /^[0-9a-f]{64}$/,
		expected: "a SHA-256 of 64 hexadecimal digits",
	}),
	path: pathOnHost,
	executable: map(
		text({
			description:
				"The program in a directory or an archive; the application's name when absent",
			pattern: /^[A-Za-z0-9_.@+-]+(?:\/[A-Za-z0-9_.@+-]+)*$/,
			expected: "a path in the archive, without whitespace",
		}),
		withoutDots,
	),
	args: list(scalarText("One argument"), "Its arguments"),
	environment: record(
		text({
			description: "A variable",
			pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
			expected: "the name of a variable",
		}),
		scalarText("Its value; no secrets"),
		"Its environment",
	),
	user: account("Who it runs as; root when absent"),
	group: account("Its group; that of the user when absent"),
	workingDirectory: pathOnHost,
	files: list(releaseFile, "Configuration files, part of the release"),
	numactl,
	taskset,
	threads,
	nice,
	scheduler,
	limits,
	hugetlbfs: boolean(
		"Whether it maps huge pages; it joins the group of the hugetlbfs mounts",
	),
	capabilities: list(
		oneOf(capabilities, "capabilities(7)"),
		"What it may do without being root",
	),
	restart: oneOf(
		["no", "on-failure", "always"],
		"When systemd starts it again; on-failure when absent",
	),
	memoryGiB: integer({
		description: "How much memory it takes, for policies",
		min: 1,
		unit: "GiB",
	}),
	busyPoll: boolean("Whether it polls its NIC, for policies"),
	health,
	loadTest: object(
		{ required: { command } },
		"Load that a person puts on it, on the host",
	),
};

const application = map(
	object({ optional: fields }, "One application"),
	(spec, fail) => {
		if ((spec.binary === undefined) === (spec.path === undefined)) {
			return fail("expected either binary or path");
		}
		if (spec.binary?.endsWith("/") && spec.sha256 !== undefined) {
			return fail("expected no sha256 of a directory; pack it yourself");
		}
		if (spec.path === undefined) return spec;
		const { sha256, executable } = spec;
		return sha256 !== undefined || executable !== undefined
			? fail("expected sha256 and executable with binary only")
			: spec;
	},
);

/** `applications` of an inventory file. */
export const applicationsSection: Decoder<Applications> = record(
	map(
		text({
			description: "Its name; the unit is metaltune-NAME.service",
			pattern: /^[a-z][a-z0-9-]{0,30}$/,
			expected: "a name of at most 31 small letters, digits and -",
		}),
		(name, fail) =>
			name === "rollback"
				? fail(
						"expected another name, got rollback: metaltune-rollback.service is metaltune's own unit",
					)
				: name,
	),
	application,
	"Programs that run on the tuned machine, and where they run on it",
);

/** Whether the host unpacks it; a single executable is not unpacked. */
export function isPacked(binary: string): boolean {
	return /(?:\/|\.tar|\.tar\.gz|\.tgz)$/.test(binary);
}
