/**
 * limits: resource limits of login sessions.
 *
 * Mechanism: pam_limits reads /etc/security/limits.conf and then limits.d in C
 * order; for one domain, type and item the last line wins (limits.conf(5)).
 * Ours is /etc/security/limits.d/zz-metaltune.conf. What a login now would get
 * is the live layer; a boot changes nothing about it.
 *
 * Latency: memlock lets an application keep its memory resident, rtprio lets it
 * ask for a real-time policy without root.
 *
 * Cannot be undone: sessions keep the limits they started with. Services of
 * systemd never see these; their limits belong in the unit.
 */
import { type Infer, map, object, record, union } from "../inventory/decode";
import { integer, oneOf, text } from "../inventory/scalars";
import type { Setting } from "../inventory/settings";
import type { Tunable } from "./tunable";

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
// Negative values are real ones here, so none of them can mean "unlimited".
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

export const limits: Tunable<Limits> = { name: "limits", decoder, settings };
