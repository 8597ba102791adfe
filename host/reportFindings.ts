/**
 * Matches a report's verdicts with the requested settings. The host judges; this
 * only refuses contradictions.
 */
import { type Fact, type Layer, layers } from "../model/facts";
import { printable, shortened } from "../model/printable";
import { type Setting, settingId } from "../model/settings";
import type { Finding, State, Verdict } from "../model/verdict";
import type { Judgement } from "./reportLines";

// The possible states of a fact; only the host knows whether a value is right.
const statesOf = {
	value: ["ok", "bad"],
	absent: ["ok", "bad"],
	unreadable: ["unreadable"],
	unsupported: ["unsupported"],
} as const satisfies { [S in Fact["status"]]: readonly State[] };

const noAnswer: readonly State[] = ["-"];

type Rule = (live: State, boot: State, setting: Setting) => boolean;

const has = (state: State) => (live: State, boot: State) =>
	live === state || boot === state;

const fine = (state: State) => state === "ok" || state === "-";

const isUnreadable: Rule = (live, boot) =>
	has("unreadable")(live, boot) || (live === "-" && boot === "-");

const isUnsupported: Rule = (live, boot, setting) =>
	has("unsupported")(live, boot) && !isUnreadable(live, boot, setting);

const isWaiting: Rule = (live, boot, { effect }) =>
	live === "bad" && boot === "ok" && effect === "reboot";

// The states that each verdict can come from.
const rules: { readonly [V in Verdict]: Rule } = {
	unreadable: isUnreadable,
	unsupported: isUnsupported,
	pendingReboot: isWaiting,
	liveDrift: (live, boot, setting) =>
		live === "bad" &&
		(fine(boot) || boot === "bad") &&
		!isWaiting(live, boot, setting),
	bootDrift: (live, boot) => boot === "bad" && fine(live),
	ok: (live, boot) => fine(live) && fine(boot) && has("ok")(live, boot),
};

/** All parts of a report about one setting. */
interface Said extends Judgement {
	readonly setting: Setting;
	readonly facts: { readonly [layer in Layer]: Fact | undefined };
}

/**
 * A finding, if the report's parts about a setting agree.
 *
 * @throws Error that names the setting and the contradiction.
 */
function findingOf({ setting, facts, ...judged }: Said): Finding {
	const { verdict, states: said } = judged;
	const name = shortened(printable(settingId(setting)), 80);
	for (const layer of layers) {
		const fact = facts[layer];
		const possible: readonly State[] =
			fact === undefined ? noAnswer : statesOf[fact.status];
		if (!possible.includes(said[layer])) {
			throw new Error(
				`expected the ${layer} state of ${name} to agree with its fact, which is ${fact?.status ?? "missing"}, got the state ${said[layer]}`,
			);
		}
	}
	if (!rules[verdict](said.live, said.boot, setting)) {
		throw new Error(
			`expected a verdict for ${name} that agrees with its states, which are ${said.live} and ${said.boot}, got ${verdict}`,
		);
	}
	return { setting, live: facts.live, boot: facts.boot, states: said, verdict };
}

/**
 * One finding per setting, in the requested order.
 *
 * @throws Error when there is not one verdict for each setting, in that order.
 */
export function findingsOf(
	settings: readonly Setting[],
	facts: readonly Fact[],
	judgements: readonly Judgement[],
): readonly Finding[] {
	if (judgements.length !== settings.length) {
		throw new Error(
			`expected ${settings.length} verdicts, one for each setting, got ${judgements.length}`,
		);
	}
	const place = (of: Judgement | Fact, layer: Layer) =>
		`${of.tunable}\t${of.key}\t${layer}`;
	const byPlace = new Map(facts.map((fact) => [place(fact, fact.layer), fact]));
	return judgements.map((judgement, index) => {
		const setting = settings[index];
		const asked = setting && printable(settingId(setting));
		if (setting === undefined || asked !== settingId(judgement)) {
			throw new Error(
				`expected verdict ${index + 1} to be for ${shortened(asked ?? "nothing", 80)}, got one for ${shortened(settingId(judgement), 80)}`,
			);
		}
		return findingOf({
			...judgement,
			setting,
			facts: {
				live: byPlace.get(place(judgement, "live")),
				boot: byPlace.get(place(judgement, "boot")),
			},
		});
	});
}
