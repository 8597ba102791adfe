/**
 * services: the units that run, and those that the next boot starts.
 *
 * Mechanism: systemctl start, stop, enable, disable and mask (systemctl(1)).
 * `state` is the live layer, `enabled` the boot layer. A masked unit cannot be
 * started, and an upgrade of its package cannot enable it. With `restartOn`, a
 * running unit is restarted when one of those paths of `files` has changed.
 *
 * Latency: a daemon that wakes up on an isolated CPU, or moves interrupts onto it,
 * causes jitter. An application that reads its settings once needs a restart to get
 * the tuned ones.
 *
 * Cannot be undone: what a unit did while it ran, or did not do while stopped.
 * Revert restores the unit's links below /etc/systemd/system as they were. A unit
 * that runs before and after metaltune keeps the files it has read until it is
 * restarted.
 *
 * An alias stands for its unit (systemd.unit(5), Alias=). A unit that a running
 * socket, timer or path can start again does not count as stopped.
 *
 * A missing unit counts as stopped and disabled, and cannot be started.
 */
import {
	type Infer,
	list,
	map,
	object,
	record,
} from "../../inventory/decode/decoder";
import { absolutePath } from "../../inventory/decode/hostPaths";
import { oneOf, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

/** Units that are services although their name has no suffix. */
const kinds = /\.(?:service|socket|timer|path|mount|target|slice)$/;

const unit = map(
	text({
		description: "A unit; .service may be left out",
		pattern: /^[A-Za-z0-9][A-Za-z0-9:_.@-]*$/,
		expected: "the name of a systemd unit such as irqbalance",
	}),
	(name, fail) =>
		/@(?:\.[a-z]+)?$/.test(name)
			? fail(
					`expected a unit, got the template ${name}; name one of its instances, such as getty@tty1`,
				)
			: /^metaltune(?:$|[.-])/.test(name)
				? fail(
						`expected a unit of your own, got ${name}, which belongs to metaltune itself; applications declare theirs`,
					)
				: name,
);

function unitName(name: string): string {
	return kinds.test(name) ? name : `${name}.service`;
}

const units = record(
	unit,
	object(
		{
			optional: {
				state: oneOf(["running", "stopped"], "What it does now"),
				enabled: oneOf(
					["yes", "no", "masked"],
					"Whether the next boot starts it; masked: nothing can start it",
				),
				restartOn: list(
					absolutePath("A path of `files`"),
					"It is restarted when one of these files was changed",
				),
			},
		},
		"One unit",
	),
	"Units of systemd",
);

const decoder = map(units, (spec, fail) => {
	const names = Object.keys(spec);
	const twice = names.find((name) =>
		names.some((other) => other !== name && unitName(other) === unitName(name)),
	);
	return twice === undefined
		? spec
		: fail(
				`expected each unit once, got ${names.filter((name) => unitName(name) === unitName(twice)).join(" and ")}; keep one of them`,
			);
});

type Services = Infer<typeof decoder>;

const enablement = {
	yes: "enabled",
	no: "disabled",
	masked: "masked",
} as const;

function settings(spec: Services): readonly Setting[] {
	return Object.entries(spec).flatMap(([name, unit]) => {
		const aspects = {
			state: unit.state,
			enablement: unit.enabled && enablement[unit.enabled],
			restartOn: unit.restartOn?.toSorted().join(" "),
		};
		return Object.entries(aspects).flatMap(([aspect, value]): Setting[] =>
			value === undefined || value === ""
				? []
				: [
						{
							tunable: "services",
							key: `${name}.${aspect}`,
							match: "exact",
							value,
							effect: "live",
						},
					],
		);
	});
}

export const services: Tunable<Services> = {
	name: "services",
	docs: {
		summary: "which units run, and which the next boot starts",
		keys: [
			{
				key: "UNIT.state",
				meaning: "what it does now",
				values: "state: running or stopped",
			},
			{
				key: "UNIT.enablement",
				meaning:
					"whether the next boot starts it; masked: nothing can start it",
				values: "enabled: yes, no or masked",
			},
			{
				key: "UNIT.restartOn",
				meaning:
					"paths of files after whose change a running unit is restarted",
				values: "a list of absolute paths",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: ["a restart interrupts whatever the unit serves"],
		cannotBeUndone:
			"what a unit did while it ran; revert restores its links, those made by hand too",
		persistence: "links below /etc/systemd/system, by systemctl",
		sources: ["systemctl(1)", "systemd.unit(5), [Install] section options"],
		example: `services:
  irqbalance: {state: stopped, enabled: masked}
  fx: {state: running, enabled: yes, restartOn: [/etc/fx/fx.conf]}`,
	},
	decoder,
	settings,
};
