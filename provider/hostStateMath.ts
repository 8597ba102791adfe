/**
 * What HostState keeps and when it counts as changed: pure arithmetic over
 * plain data, so that every rule of the state has a line in a table of tests.
 *
 * `settings` in the state holds, per key, the declared value while the host
 * satisfies it, and what was found instead after a refresh that saw drift.
 * Pulumi then shows old and new per key without knowing what a key is.
 */
import {
	compare,
	type Finding,
	observedText,
	unsupportedReason,
} from "../model/compare";
import type { Fact } from "../model/facts";
import type { RebootPolicy } from "../model/hostSpec";
import { hasUnknown, sameData } from "../model/plainData";
import {
	type Contents,
	effects,
	matches,
	type Setting,
	settingId,
} from "../model/settings";
import { version } from "../model/version";
import { addressOf, type RemoteConnection } from "../ssh/connection";

/** Text by setting id, such as `sysctl.net.core.rmem_max`. */
export interface Texts {
	readonly [id: string]: string;
}

export interface HostStateInputs {
	/** The host's name in the inventory. */
	readonly host: string;
	readonly connection: RemoteConnection;
	/** Of an EC2 instance: the next one may have its host key and address. */
	readonly instanceId?: string;
	readonly settings: Texts;
	/** `match effect`, only where it is not `exact live`. */
	readonly rules: Texts;
	/** What files hold, by SHA-256; a secret. */
	readonly contents?: Contents;
	/** SHA-256 of the host program. */
	readonly program: string;
	readonly reboot: RebootPolicy;
	readonly rebootTimeoutSeconds: number;
	/**
	 * Always 0; the output of that name counts. An output that is an input too is
	 * known in a preview, so that no preview shows uploads that will not be.
	 */
	readonly uploadRevision: number;
}

export interface HostStateOutputs extends HostStateInputs {
	/** What was declared for the keys whose text in `settings` is another. */
	readonly declared: Texts;
	/** Moves when the host program has something to apply. */
	readonly applyRevision: number;
	/** Moves with every update, so that the host is verified again. */
	readonly readyRevision: number;
	/** Moves when an artifact that was deployed is no longer on the host. */
	readonly uploadRevision: number;
	/**
	 * Keys that wait for a reboot which a person has to order, as the last
	 * update knew them: a refresh is clean while they wait, and no longer.
	 */
	readonly pendingReboot: readonly string[];
	/** Why a key cannot exist on this host. */
	readonly unsupported: Texts;
	/** By which a host knows this resource; an earlier version had none. */
	readonly owner?: string;
}

/** What a refresh found. */
export interface Observation {
	readonly facts: readonly Fact[];
	/** SHA-256 of the installed program; undefined when there is none. */
	readonly installed: string | undefined;
	/** Records of the host program that apply has to put right. */
	readonly damaged?: readonly string[];
}

const plainRule = "exact live";
const waitsForReboot = "pending reboot";
const wasRebooted = "effective since a reboot";
const noProgram = "not installed";
const damagedRecords = "damaged: ";

function tunableOf(id: string): string {
	return id.slice(0, Math.max(0, id.indexOf(".")));
}

/** Settings as the two maps that travel through the engine. */
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
 * The settings two maps stand for, ordered as the host program wants them.
 * Those of a tunable that another version had come last; the host program
 * answers for them that it does not know the tunable.
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
		// Earlier versions had an effect of its own for what is deployed.
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

/** Names of fields that a state of this version has and this one lacks. */
export function missingFields(state: object): readonly string[] {
	const fields = [
		...["settings", "rules", "declared", "unsupported", "pendingReboot"],
		...["program", "connection", "applyRevision", "readyRevision"],
	] as const;
	return fields.filter((name) => !(name in state));
}

// Earlier versions kept what a file holds, in base64, where its size is now.
function sized(text: string): string {
	const [, hash, base64] =
		/^(sha256:[0-9a-f]{64}) ((?!\d+$)[A-Za-z0-9+/]+=*)$/.exec(text) ?? [];
	if (hash === undefined || base64 === undefined) return text;
	return `${hash} ${Buffer.from(base64, "base64").length}`;
}

/** What was declared when the state was written, whatever was found since. */
export function declaredSettings(state: HostStateOutputs): Texts {
	const texts = Object.entries({ ...state.settings, ...state.declared });
	return Object.fromEntries(texts.map(([id, text]) => [id, sized(text)]));
}

/**
 * SHA-256 of the program that the host should have; undefined when all that is
 * known is that a refresh found none, or records that are damaged.
 */
export function expectedProgram(state: HostStateOutputs): string | undefined {
	const { program } = state;
	const isUnknown = program === noProgram || program.startsWith(damagedRecords);
	return isUnknown ? undefined : program;
}

/**
 * Whether inputs speak of a machine as nobody has touched it yet: a new one,
 * or the same after a new installation, which gave it another host key.
 */
export function isFresh(
	olds: HostStateInputs | undefined,
	news: HostStateInputs,
): boolean {
	return (
		olds?.instanceId !== news.instanceId ||
		olds?.connection.hostKey !== news.connection.hostKey
	);
}

/** Keys of the same machine that were declared and no longer are. */
export function droppedIds(
	olds: HostStateOutputs | undefined,
	news: HostStateInputs,
): readonly string[] {
	return Object.keys(
		olds !== undefined && !isFresh(olds, news) ? olds.settings : {},
	).filter((id) => news.settings[id] === undefined);
}

function reasonsOf(findings: readonly Finding[]): Texts {
	return Object.fromEntries(
		findings
			.filter((f) => f.verdict === "unsupported")
			.map((f) => [settingId(f.setting), unsupportedReason(f)]),
	);
}

// Known before apply ran, so that the first refresh after it is clean.
function willWait(findings: readonly Finding[]): readonly string[] {
	return findings
		.filter(
			({ setting, verdict }) =>
				verdict === "pendingReboot" ||
				(verdict === "liveDrift" && setting.effect === "reboot"),
		)
		.map((f) => settingId(f.setting));
}

function isDrifted(state: HostStateOutputs): boolean {
	return Object.keys(state.declared).some(
		(id) => ![waitsForReboot, wasRebooted].includes(state.settings[id] ?? ""),
	);
}

// Only what is applied, and to which machine. A new program alone applies
// nothing: what it would do otherwise, its probe shows as a key that differs.
function mustApply(olds: HostStateOutputs, news: HostStateInputs): boolean {
	return (
		isDrifted(olds) ||
		expectedProgram(olds) === undefined ||
		isFresh(olds, news) ||
		!sameData(declaredSettings(olds), news.settings) ||
		!sameData(olds.rules, news.rules)
	);
}

// What was declared before was uploaded then, and is uploaded only once.
function hasLostArtifact(
	olds: HostStateOutputs,
	news: HostStateInputs,
	findings: readonly Finding[],
): boolean {
	const before = declaredSettings(olds);
	return findings.some(({ setting, verdict }) => {
		const id = settingId(setting);
		return (
			/^applications\.[^.]+\.artifact$/.test(id) &&
			verdict !== "ok" &&
			before[id] === news.settings[id]
		);
	});
}

/**
 * The state after a create or an update. Apply comes next and is a resource of
 * its own, so every key the host can have is expected to become as declared.
 *
 * @param olds undefined for a create.
 */
export function stateAfterChange(
	olds: HostStateOutputs | undefined,
	news: HostStateInputs,
	findings: readonly Finding[],
	owner?: string,
): HostStateOutputs {
	const applyMoves = olds === undefined || mustApply(olds, news);
	const uploads = olds !== undefined && hasLostArtifact(olds, news, findings);
	return {
		...news,
		declared: {},
		applyRevision: (olds?.applyRevision ?? 0) + (applyMoves ? 1 : 0),
		readyRevision: (olds?.readyRevision ?? 0) + 1,
		uploadRevision: (olds?.uploadRevision ?? 0) + (uploads ? 1 : 0),
		pendingReboot: news.reboot === "auto" ? [] : willWait(findings),
		unsupported: reasonsOf(findings),
		...(owner === undefined ? {} : { owner }),
	};
}

// What only has to be verified again is a difference too, but needs no apply.
function refreshedText(finding: Finding, acknowledged: boolean): string {
	switch (finding.verdict) {
		case "unsupported":
			return finding.setting.value;
		case "pendingReboot":
			return acknowledged ? finding.setting.value : waitsForReboot;
		case "ok":
			return acknowledged ? wasRebooted : finding.setting.value;
		default:
			return observedText(finding);
	}
}

function programText({ installed, damaged = [] }: Observation): string {
	return damaged.length > 0
		? `${damagedRecords}${damaged.join(", ")}`
		: (installed ?? noProgram);
}

/** The state after a refresh; equal to the old one when nothing moved. */
export function stateAfterRead(
	state: HostStateOutputs,
	observation: Observation,
	order: readonly string[],
): HostStateOutputs {
	const declared = declaredSettings(state);
	const wanted = settingsOf({ settings: declared, rules: state.rules }, order);
	const findings = compare(wanted, observation.facts);
	// What this version cannot judge stays as the other one has left it.
	const judged = findings.filter(({ setting }) =>
		order.includes(setting.tunable),
	);
	const texts = judged.map((f) => {
		const id = settingId(f.setting);
		return [id, refreshedText(f, state.pendingReboot.includes(id))] as const;
	});
	const drifted = texts.filter(([id, text]) => text !== declared[id]);
	return {
		...state,
		settings: { ...declared, ...Object.fromEntries(texts) },
		program: programText(observation),
		declared: Object.fromEntries(
			drifted.map(([id]) => [id, declared[id] ?? ""]),
		),
		unsupported: reasonsOf(judged),
	};
}

/** The part of a state that was given as inputs. */
export function inputsOf(state: HostStateOutputs): HostStateInputs {
	const { host, connection, instanceId, settings, rules, program } = state;
	const { contents, reboot, rebootTimeoutSeconds } = state;
	return {
		host,
		connection,
		...(instanceId === undefined ? {} : { instanceId }),
		settings,
		rules,
		...(contents === undefined ? {} : { contents }),
		program,
		reboot,
		rebootTimeoutSeconds,
		uploadRevision: 0,
	};
}

/**
 * Whether the state must change, and whether it speaks of another machine.
 *
 * A machine is known by its host key. A new address with the old key is the
 * same machine that moved: an update. A new key at the old address is the
 * machine after a new installation: an update, and apply runs again. Both new
 * is another machine: a replacement, whose last step deletes the old state and
 * so reverts the machine that is left behind, unless `onDestroy` is `keep`.
 */
export function difference(olds: HostStateOutputs, news: HostStateInputs) {
	const replaced =
		olds.connection.hostKey !== news.connection.hostKey &&
		addressOf(olds.connection) !== addressOf(news.connection);
	return {
		changes: !sameData(inputsOf(olds), news),
		replaces: replaced && !hasUnknown(news) ? ["connection"] : [],
	};
}
