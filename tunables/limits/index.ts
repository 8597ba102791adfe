/**
 * limits: resource limits of login sessions.
 *
 * pam_limits reads /etc/security/limits.conf and then limits.d in C order; for one
 * domain, type and item the last line wins (limits.conf(5)). The live layer is the
 * limits of a new login. A boot does not change them, so there is no boot layer.
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

function limit(lowest: number, unlimited: boolean) {
	const number = map(
		integer({ description: "The limit", min: lowest }),
		String,
	);
	const value = unlimited
		? union([number, oneOf(["unlimited"], "No limit")], "The limit")
		: number;
	return union(
		[
			value,
			object(
				{ optional: { soft: value, hard: value } },
				"Soft and hard limits that differ",
			),
		],
		"Both the soft and the hard limit, or each of them",
	);
}

const resource = limit(0, true);
// Negative values are valid here, so none of them can mean "unlimited".
const niceness = limit(-20, false);

const decoder = record(
	text({
		description: "A user, @group, or * for every user but root",
		pattern: /^(?:\*|@?[a-z_][a-z0-9_-]*)$/,
		expected: 'a user name, "@group" or "*"',
	}),
	object(
		{
			optional: {
				as: resource,
				core: resource,
				cpu: resource,
				data: resource,
				fsize: resource,
				locks: resource,
				memlock: resource,
				msgqueue: resource,
				nice: niceness,
				nofile: resource,
				nproc: resource,
				priority: niceness,
				rss: resource,
				rtprio: resource,
				sigpending: resource,
				stack: resource,
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
				values: "a number or unlimited; -20 and up for nice and priority",
			},
		],
		layers: ["live"],
		needsReboot: "never",
		risks: [
			"services of systemd never see these limits: theirs belong in the unit",
			"memlock unlimited lets one user take all memory",
		],
		cannotBeUndone: "sessions keep the limits they started with",
		persistence: "/etc/security/limits.d/zz-metaltune.conf",
		sources: ["limits.conf(5)", "pam_limits(8)"],
		example: `limits:
  "@trading": {memlock: unlimited, rtprio: 99}
  "*": {nofile: {soft: 65536, hard: 1048576}}`,
	},
	decoder,
	settings,
};
