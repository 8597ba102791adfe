/**
 * Decodes `checklist`: what must be true before a machine may be used, and how
 * each item is checked. `metaltune checklist` checks it on a host.
 */
import { type Infer, list, map, object, record } from "../decode/decoder";
import { integer, text } from "../decode/scalars";
import { machine } from "./machine";

const evidence = list(
	text({
		description:
			"Names of settings as reports have them, in which * stands for anything",
		pattern: /^\w+\.\S+$/,
		expected: "the name of a setting such as sysctl.net.* or smt.control",
	}),
	"The settings that show it; all of them must be right",
);

const perSecond = (description: string) =>
	integer({ description, min: 0, unit: "interrupts" });

const percent = (description: string) =>
	integer({ description, min: 0, max: 100, unit: "percent" });

const limits = object(
	{
		optional: {
			quietCpus: object(
				{
					optional: {
						interruptPercent: percent(
							"The most time in hardware interrupts, softirqs and steal",
						),
						interruptsPerSecond: perSecond(
							"The most interrupts in a second, besides the timer's",
						),
						timerInterruptsPerSecond: perSecond(
							"The most interrupts of the timer, on CPUs of nohz_full",
						),
					},
				},
				"CPUs that are isolated, of nohz_full, or an application's",
			),
			housekeepingCpus: object(
				{
					optional: {
						busyPercent: percent("The most time that is not idle"),
					},
				},
				"All other CPUs",
			),
		},
	},
	"What its CPUs may do while they are watched, each by itself",
);

const measured = map(limits, (spec, fail) =>
	Object.values(spec).flatMap(Object.values<number>).length > 0
		? spec
		: fail("expected at least one limit, got none"),
);

const item = map(
	object(
		{
			required: {
				asks: text({
					description: "What has to be true",
					pattern: /^\S.*$/,
					expected: "what has to be true",
				}),
			},
			optional: {
				settings: evidence,
				machine: machine.decoder,
				measured,
				notOnHost: text({
					description: "Why no host can show it, or what does",
					pattern: /^\S.*$/,
					expected: "why no host can show it",
				}),
			},
		},
		"One item",
	),
	(spec, fail) => {
		const isShown = [spec.settings, spec.machine, spec.measured].some(
			(each) => each !== undefined,
		);
		return isShown === (spec.notOnHost !== undefined)
			? fail("expected either settings, machine and measured, or notOnHost")
			: spec;
	},
);

/** `checklist` of a group, a machine or a profile, merged item by item. */
export const checklistSection = record(
	text({
		description: "Where it is asked for, such as a guide and its line",
		pattern: /^[A-Za-z0-9][A-Za-z0-9 ,.-]{0,40}$/,
		expected: "a short name such as FX-Store 261",
	}),
	item,
	"What has to be true of a machine before it is used; see metaltune checklist",
);

export type ChecklistItem = Infer<typeof item>;

/** Upper limits for CPUs; a value without a limit is not checked. */
export type Limits = Infer<typeof measured>;

/** By name, in the order in which they are written. */
export type Checklist = Infer<typeof checklistSection>;
