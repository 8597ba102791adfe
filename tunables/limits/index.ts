/**
 * limits: resource limits of login sessions.
 *
 * pam_limits reads /etc/security/limits.conf and then limits.d in C order. For one
 * domain, type and item the last line wins; a line for a user wins over one for a
 * group, and that over one for `*` (limits.conf(5)). It lowers a soft limit to the
 * hard one. The live layer is the limits of a new login. A boot does not change
 * them, so there is no boot layer.
 *
 * A nofile limit above fs.nr_open can end every session (setrlimit(2), EPERM;
 * pam_limits is `required` in most services), and so can "unlimited" before PAM
 * 1.5.2: both are refused before anything is written. Limits without which no
 * program runs are provisional until a new login confirms them.
 */
import {
	type Infer,
	map,
	object,
	record,
	union,
} from "../../inventory/decode/decoder";
import { integer, oneOf, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

const types = ["hard", "soft"] as const;

interface Form {
	readonly least: number;
	readonly most?: number;
	readonly isUnlimited: boolean;
	/** Whether the soft limit is above the hard one. */
	readonly isAbove?: (soft: string, hard: string) => boolean;
}

const isGreater = (soft: string, hard: string): boolean =>
	hard !== "unlimited" && (soft === "unlimited" || Number(soft) > Number(hard));

// A lower niceness is the higher limit (setrlimit(2), RLIMIT_NICE).
const isNicer = (soft: string, hard: string): boolean =>
	Number(soft) < Number(hard);

function single({ least, most, isUnlimited }: Form) {
	const number = map(
		integer({
			description: "The limit",
			min: least,
			...(most === undefined ? {} : { max: most }),
		}),
		String,
	);
	return isUnlimited
		? union([number, oneOf(["unlimited"], "No limit")], "The limit")
		: number;
}

function limit(form: Form) {
	const value = single(form);
	const { isAbove = isGreater } = form;
	return union(
		[
			value,
			map(
				object(
					{ optional: { soft: value, hard: value } },
					"Soft and hard limits that differ",
				),
				({ soft, hard }, fail) =>
					soft !== undefined && hard !== undefined && isAbove(soft, hard)
						? fail(
								`expected a soft limit that is not above the hard one, got ${soft} and ${hard}; PAM would lower it`,
							)
						: { soft, hard },
			),
		],
		"Both the soft and the hard limit, or each of them",
	);
}

const resource = limit({ least: 0, isUnlimited: true });
// With 0 of these, no program of a login runs.
const needed = limit({ least: 1, isUnlimited: true });
// The kernel's maximum of fs.nr_open on 64 bits (fs/file.c, sysctl_nr_open_max).
const files = limit({ least: 64, most: 2_147_483_584, isUnlimited: false });
// Negative values are valid here, so none of them can mean "unlimited".
const range = { least: -20, most: 19, isUnlimited: false } as const;
const niceness = limit({ ...range, isAbove: isNicer });
// Not a limit: the type of its line has no meaning.
const priority = single(range);

const decoder = record(
	text({
		description:
			"A user, @group, or * for every user; on Debian and Ubuntu not for root",
		pattern: /^(?:\*|@?[a-z_][a-z0-9_-]*)$/,
		expected: 'a user name, "@group" or "*"',
	}),
	object(
		{
			optional: {
				as: needed,
				core: resource,
				cpu: needed,
				data: needed,
				fsize: needed,
				locks: resource,
				memlock: resource,
				msgqueue: resource,
				nice: niceness,
				nofile: files,
				nproc: needed,
				priority,
				rss: resource,
				rtprio: resource,
				sigpending: resource,
				stack: needed,
			},
		},
		"Limits of one domain, named as in limits.conf",
	),
	"Resource limits of login sessions",
);

type Limits = Infer<typeof decoder>;

function settings(spec: Limits): readonly Setting[] {
	return Object.entries(spec).flatMap(([domain, items]) =>
		Object.entries(items).flatMap(([item, value]) =>
			types.flatMap((type): readonly Setting[] => {
				const declared = typeof value === "string" ? value : value[type];
				if (declared === undefined) return [];
				const key = `${domain}.${item}.${type}`;
				return [
					{
						tunable: "limits",
						key,
						match: "exact",
						value: declared,
						effect: "live",
					},
				];
			}),
		),
	);
}

export const limits: Tunable<Limits> = {
	name: "limits",
	docs: {
		summary: "resource limits of login sessions",
		keys: [
			{
				key: "DOMAIN.ITEM.TYPE",
				meaning:
					"as in limits.conf: memlock keeps an application's memory resident, rtprio allows a real-time policy without root, nofile bounds connections; TYPE is soft or hard",
				values:
					"a number or unlimited; nofile: 64 to fs.nr_open; nice and priority: -20 to 19",
			},
		],
		layers: ["live"],
		needsReboot: "never",
		risks: [
			"services of systemd never see these limits: theirs belong in the unit, as LimitNOFILE",
			"a nofile limit above fs.nr_open, also above the one of the next boot, is refused: it can end every login",
			"limits of a user win over those of its groups, and those over *; * and groups are not for root on Debian and Ubuntu",
			"a line `USER -` of others ends all limits of that user, these too: drift shows them as absent, with its place",
			"memlock unlimited lets one user take all memory",
		],
		cannotBeUndone: "sessions keep the limits they started with",
		persistence: "/etc/security/limits.d/zz-metaltune.conf",
		sources: [
			"limits.conf(5)",
			"pam_limits(8)",
			"setrlimit(2)",
			"Documentation/admin-guide/sysctl/fs.rst, nr_open",
		],
		example: `limits:
  "@trading": {memlock: unlimited, rtprio: 99}
  "*": {nofile: {soft: 65536, hard: 1048576}}`,
	},
	decoder,
	settings,
};
