/**
 * Time limits of the host program. Each kind of work has its own key, so that
 * the message of an exceeded limit can name the key that raises it.
 */
import type { Timeouts } from "../../model/timeouts";
import { type Decoder, object } from "../decode/decoder";
import { integer } from "../decode/scalars";

// One day: the longest load test.
const longestSeconds = 86_400;

const seconds = (description: string) =>
	integer({ description, min: 1, max: longestSeconds, unit: "seconds" });

/** `connection.timeouts`: limits of the host program's verbs. */
export const timeoutsSection: Decoder<Timeouts> = object(
	{
		optional: {
			probeSeconds: seconds(
				"How long reading the host, or leaving settings there, may take; 120 when absent, and 60 for metaltune drift, repair and checklist.",
			),
			applySeconds: seconds(
				"How long applying settings may take, with the packages that have to be fetched; 1800 when absent.",
			),
			deploySeconds: seconds(
				"How long deploying the applications may take; when absent, 600 and for each application 300 plus twice its health.timeoutSeconds.",
			),
			revertSeconds: seconds(
				"How long reverting the host, confirming a change or giving up the host may take; 600 when absent.",
			),
		},
	},
	"After how long the host ends a verb of the host program that hangs.",
);
