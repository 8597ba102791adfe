/**
 * users: accounts that applications run as, and groups.
 *
 * Mechanism: groupadd, useradd, usermod and gpasswd (shadow-utils), one finding per
 * aspect of an account. A new account has a group of its own name, a locked
 * password, and no home directory unless one is declared; that one is created
 * empty. Memberships are one key each; an account's other memberships are ignored.
 *
 * Latency: none directly; memlock, rtprio and hugetlbfs are granted to users and
 * groups that must exist first.
 *
 * Cannot be undone: files that an account created keep its UID. Revert deletes only
 * accounts and groups that metaltune added, and never a home directory that is not
 * empty. UIDs of existing accounts are never changed, since their files would keep
 * the old one.
 *
 * If only metaltune has changed accounts, revert restores /etc/passwd and its
 * siblings byte for byte, with their backups.
 */
import {
	type Decoder,
	type Infer,
	list,
	mismatch,
	object,
	record,
} from "../../inventory/decode/decoder";
import { absolutePath, directoryPath } from "../../inventory/decode/hostPaths";
import { boolean, integer, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

const name = text({
	description: "A name, as useradd accepts it",
	pattern: /^[a-z_][a-z0-9_-]{0,31}$/,
	expected: "a name of at most 32 letters, digits, _ and -",
});

const id = (description: string) =>
	integer({ description, min: 1, max: 4_294_967_294 });

const account = object(
	{
		optional: {
			uid: id("Its number"),
			system: boolean("Whether its number is one of the system's"),
			shell: absolutePath("Its shell"),
			home: directoryPath("Its home"),
			groups: list(name, "Groups it is a member of, besides its own"),
		},
	},
	"One account",
);

const groupsOf = record(
	name,
	object({ optional: { gid: id("Its number") } }, "One group"),
	"Groups",
);

const accountsOf = record(name, account, "Accounts by name");

interface Users {
	readonly accounts: Infer<typeof accountsOf>;
	readonly groups: Infer<typeof groupsOf>;
}

/**
 * `groups` is reserved and cannot be an account's name; the others are accounts.
 */
const decoder: Decoder<Users> = {
	schema: {
		...accountsOf.schema,
		description: "Accounts by name, and `groups`",
		properties: { groups: groupsOf.schema },
	},
	expected: accountsOf.expected,
	decode: (node, problems) => {
		if (node.kind !== "map") {
			return mismatch(node, accountsOf.expected, problems);
		}
		const groupsNode = node.entries.find(({ key }) => key === "groups")?.value;
		const accounts = accountsOf.decode(
			{ ...node, entries: node.entries.filter(({ key }) => key !== "groups") },
			problems,
		);
		const groups =
			groupsNode === undefined
				? {}
				: groupsOf.decode(groupsNode, problems.within("groups"));
		return accounts === undefined || groups === undefined
			? undefined
			: { accounts, groups };
	},
};

function exact(key: string, value: string): Setting {
	return { tunable: "users", key, match: "exact", value, effect: "live" };
}

function accountSettings([name, account]: readonly [
	string,
	Users["accounts"][string],
]): readonly Setting[] {
	const { uid, system, shell, home, groups } = account;
	const aspects = {
		uid: uid === undefined ? undefined : String(uid),
		system: system === undefined ? undefined : system ? "yes" : "no",
		shell,
		home,
	};
	return [
		exact(`user.${name}`, "present"),
		...Object.entries(aspects).flatMap(([aspect, value]) =>
			value === undefined ? [] : [exact(`user.${name}.${aspect}`, value)],
		),
		...[...new Set(groups)].map((group) =>
			exact(`user.${name}.groups.${group}`, "member"),
		),
	];
}

function settings({ accounts, groups }: Users): readonly Setting[] {
	return [
		...Object.entries(groups).map(([name, { gid }]) =>
			gid === undefined
				? exact(`group.${name}`, "present")
				: exact(`group.${name}.gid`, String(gid)),
		),
		...Object.entries(accounts).flatMap(accountSettings),
	];
}

export const users: Tunable<Users> = {
	name: "users",
	docs: {
		summary: "accounts that applications run as, and groups",
		keys: [
			{
				key: "user.NAME",
				meaning: "the account is there",
				values: "declared by naming it",
			},
			{
				key: "user.NAME.ASPECT",
				meaning: "uid, shell, home, or system: a number of the system's range",
				values: "a number, a path, true or false",
			},
			{
				key: "user.NAME.groups.GROUP",
				meaning: "is a member; further memberships do not count",
				values: "a list of groups",
			},
			{
				key: "group.NAME",
				meaning:
					"the group is there; group.NAME.gid where a number is declared",
				values: "a map, empty or with gid",
			},
		],
		layers: ["live"],
		needsReboot: "never",
		risks: [
			"the number of an account or group that is there is never changed; apply fails instead",
		],
		cannotBeUndone:
			"files that an account made keep its number; a home directory that holds something stays",
		persistence: "/etc/passwd, /etc/group and their siblings",
		sources: ["useradd(8)", "usermod(8)", "groupadd(8)", "gpasswd(1)"],
		example: `users:
  fx: {system: true, shell: /usr/sbin/nologin, groups: [hugetlb]}
  groups: {hugetlb: {gid: 600}}`,
	},
	decoder,
	settings,
};
