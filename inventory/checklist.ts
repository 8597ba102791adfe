/**
 * Decodes `checklist`: what has to be true before a machine may be used, item by
 * item, and what shows it. `metaltune ready` asks a host.
 */
import { machineSection } from "../tunables/machine";
import { type Infer, list, map, object, record } from "./decode";
import { text } from "./scalars";

const evidence = list(
	text({
		description:
			"Names of settings as reports have them, in which * stands for anything",
		pattern: /^\w+\.\S+$/,
		expected: "the name of a setting such as sysctl.net.* or smt.control",
	}),
	"The settings that show it; all of them must be right",
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
				machine: machineSection,
				notOnHost: text({
					description: "Why no host can show it, or who else does",
					pattern: /^\S.*$/,
					expected: "why no host can show it",
				}),
			},
		},
		"One item",
	),
	(spec, fail) => {
		const isShown = spec.settings !== undefined || spec.machine !== undefined;
		return isShown === (spec.notOnHost !== undefined)
			? fail("expected either settings and machine, or notOnHost")
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
	"What has to be true of a machine before it is used; see metaltune ready",
);

export type ChecklistItem = Infer<typeof item>;

/** By name, in the order in which they are written. */
export type Checklist = Infer<typeof checklistSection>;
