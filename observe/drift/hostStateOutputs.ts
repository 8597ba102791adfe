/**
 * A host in a stack's state, and how its settings are read from it.
 *
 * `settings` in the state holds, per key, the declared value while the host
 * satisfies it, and the value found after a refresh that saw drift. Pulumi then
 * shows old and new per key without knowing what a key is.
 */
import type { RebootPolicy } from "../../model/hostSpec";
import {
	type Contents,
	effects,
	matches,
	type Setting,
	settingId,
} from "../../model/settings";
import { version } from "../../model/version";
import type { RemoteConnection } from "../../ssh/remoteConnection";

/** Text by setting id, such as `sysctl.net.core.rmem_max`. */
export interface Texts {
	readonly [id: string]: string;
}

export interface HostStateInputs {
	/** The host's name in the inventory. */
	readonly host: string;
	readonly connection: RemoteConnection;
	/** Of an EC2 instance; its successor may have its host key and address. */
	readonly instanceId?: string;
	readonly settings: Texts;
	/** `match effect`, only where it is not `exact live`. */
	readonly rules: Texts;
	/** The content of files, by SHA-256; a secret. */
	readonly contents?: Contents;
	/** SHA-256 of the host program. */
	readonly program: string;
	readonly reboot: RebootPolicy;
	readonly rebootTimeoutSeconds: number;
	/**
	 * Always 0; only the output of the same name changes. An output that is also
	 * an input is known in a preview, so that no preview shows uploads that will
	 * not happen.
	 */
	readonly uploadRevision: number;
}

export interface HostStateOutputs extends HostStateInputs {
	/** The declared values of keys whose text in `settings` differs. */
	readonly declared: Texts;
	/** Changes when the host program has something to apply. */
	readonly applyRevision: number;
	/** Changes with every update, so that the host is verified again. */
	readonly readyRevision: number;
	/** Changes when a deployed artifact is no longer on the host. */
	readonly uploadRevision: number;
	/**
	 * Keys that wait for a reboot by the operator, as the last update knew them.
	 * They are not drift for a refresh while they wait.
	 */
	readonly pendingReboot: readonly string[];
	/** Why a key is not supported on this host. */
	readonly unsupported: Texts;
	/**
	 * The token by which a host knows this resource; earlier versions had none.
	 */
	readonly owner?: string;
}

const plainRule = "exact live";

/** In place of a program's hash, where a refresh found none. */
export const noProgram = "not installed";

/**
 * In place of a program's hash, before the records that a refresh found
 * damaged.
 */
export const damagedRecords = "damaged: ";

function tunableOf(id: string): string {
	return id.slice(0, Math.max(0, id.indexOf(".")));
}

/** Settings as the two maps that the engine stores. */
export function mapsOf(settings: readonly Setting[]) {
	const rules = settings
		.map((s) => [settingId(s), `${s.match} ${s.effect}`] as const)
		.filter(([, rule]) => rule !== plainRule);
	return {
		settings: Object.fromEntries(
			settings.map((s) => [settingId(s), s.value] as const),
		),
		rules: Object.fromEntries(rules),
	};
}

/** Ids of settings whose tunable this version does not have, sorted. */
export function unknownIds(
	settings: Texts,
	order: readonly string[],
): readonly string[] {
	return Object.keys(settings)
		.filter((id) => !order.includes(tunableOf(id)))
		.toSorted();
}

/**
 * The settings of the two maps, in the host program's order. Settings of
 * another version's tunables come last; the host program reports those tunables
 * as unknown.
 *
 * @param order tunable names in registry order.
 * @throws Error when a rule is not one.
 */
export function settingsOf(
	maps: { readonly settings: Texts; readonly rules: Texts },
	order: readonly string[],
): readonly Setting[] {
	const settings = Object.entries(maps.settings).map(([id, value]): Setting => {
		const tunable = tunableOf(id);
		const [matchText, effectText] = (maps.rules[id] ?? plainRule).split(" ");
		const match = matches.find((m) => m === matchText);
		// Earlier versions had a separate effect for deployed settings.
		const effect =
			effectText === "deploy" ? "live" : effects.find((e) => e === effectText);
		if (tunable === "" || match === undefined || effect === undefined) {
			throw new Error(
				`${id}: the state has the rule ${JSON.stringify(maps.rules[id] ?? plainRule)}, which metaltune ${version} does not know; use the version that deployed this host`,
			);
		}
		return {
			tunable,
			key: id.slice(tunable.length + 1),
			match,
			value,
			effect,
		};
	});
	const place = (name: string) =>
		order.includes(name) ? order.indexOf(name) : order.length;
	return settings.toSorted(
		(a, b) =>
			place(a.tunable) - place(b.tunable) ||
			Number(a.tunable > b.tunable) - Number(a.tunable < b.tunable) ||
			Number(a.key > b.key) - Number(a.key < b.key),
	);
}

// Earlier versions kept a file's content in base64, where its size is now.
function sized(text: string): string {
	const [, hash, base64] =
		/^(sha256:[0-9a-f]{64}) ((?!\d+$)[A-Za-z0-9+/]+=*)$/.exec(text) ?? [];
	if (hash === undefined || base64 === undefined) return text;
	return `${hash} ${Buffer.from(base64, "base64").length}`;
}

/**
 * The settings declared when the state was written, whatever was found since.
 */
export function declaredSettings(state: HostStateOutputs): Texts {
	const texts = Object.entries({ ...state.settings, ...state.declared });
	return Object.fromEntries(texts.map(([id, text]) => [id, sized(text)]));
}

/**
 * SHA-256 of the program that the host should have. Undefined when a refresh
 * found no program, or damaged records.
 */
export function expectedProgram(state: HostStateOutputs): string | undefined {
	const { program } = state;
	const isUnknown = program === noProgram || program.startsWith(damagedRecords);
	return isUnknown ? undefined : program;
}
