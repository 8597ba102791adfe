/**
 * HostState: the actual and the declared state of a host, key by key. Only this
 * resource can see drift, because remote commands cannot be read back.
 */

import { settingOrder as order } from "../applications/sections";
import { withHost } from "../host/call";
import { install, revert, want } from "../host/client";
import { probe } from "../host/probe";
import { settingsHash } from "../host/protocol";
import type { Owner, Report } from "../model/hostReport";
import { version } from "../model/version";
import {
	type HostStateInputs,
	type HostStateOutputs,
	settingsOf,
	unknownIds,
} from "../observe/drift/hostStateOutputs";
import { withRecoveryHint, withRepairHint } from "./gone";
import {
	difference,
	droppedIds,
	inputsOf,
	isFresh,
	missingFields,
} from "./hostStateInputs";
import { newToken, takenBy, tokenOf } from "./owner";
import { planText } from "./plan";
import { firstBoot, rebootAndWait } from "./reboot";
import type { HostTools, ResourceHandler } from "./resourceHandler";
import { stateAfterChange } from "./stateAfterChange";
import { stateAfterRead, wantedSettings } from "./stateAfterRead";

/** @throws Error when a stack's state is not in this version's format. */
function checkForm(urn: string, state: HostStateOutputs): void {
	const missing = missingFields(state);
	if (missing.length === 0) return;
	throw new Error(
		`${state.host}: another version of metaltune has written this stack's state, which has no ${missing.join(", ")}; run \`pulumi state delete --target-dependents '${urn}'\`, then \`pulumi up\`: the host keeps its values and what is needed to revert them`,
	);
}

// The next apply takes the host over. This resource, which releases the host
// later, is in the state by then.
function tellTakeOver(
	tools: HostTools,
	urn: string,
	host: string,
	{ token, current }: { token: string; current: Owner | undefined },
): void {
	if (current === undefined || current.token === token) return;
	tools.log.info(
		urn,
		`${host}: this machine was ${current.name} of stack ${current.stack} until now; it is taken over as it is`,
	);
}

async function change(
	tools: HostTools,
	urn: string,
	olds: HostStateOutputs | undefined,
	news: HostStateInputs,
): Promise<HostStateOutputs> {
	const settings = settingsOf(news, order);
	const token = olds?.owner ?? newToken();
	if (news.instanceId !== undefined && isFresh(olds, news)) {
		await firstBoot({
			name: news.host,
			connection: news.connection,
			timeoutSeconds: news.rebootTimeoutSeconds,
			pool: tools.noRetryPool,
			progress: (text) => tools.log.progress(urn, text),
		});
	}
	return withHost(
		tools.pool,
		news.host,
		news.connection,
		async (host) => {
			const { report, installed } = await probe(host, settings);
			if (installed !== news.program) await install(host, settings);
			const { findings, owner: current } = report;
			tellTakeOver(tools, urn, news.host, { token, current });
			await want(host, settings, news.contents ?? {});
			const plan = planText(findings, droppedIds(olds, news));
			if (plan !== "") {
				const left = tools.dependents.sentence(news.host);
				tools.log.info(urn, left === "" ? plan : `${plan}\n${left}`);
				tools.provisional.begin(
					news.host,
					news.connection,
					settingsHash(settings),
				);
			}
			return stateAfterChange(olds, news, findings, token);
		},
		(text) => tools.log.progress(urn, text),
	);
}

const leftAlone = "it stays as it is, and only its old name is forgotten";

async function revertAndReboot(
	tools: HostTools,
	urn: string,
	state: HostStateOutputs,
): Promise<void> {
	const { host: name, connection } = state;
	const mustReboot = await withHost(
		tools.pool,
		name,
		connection,
		async (host) => {
			const reverted = await revert(host, tokenOf(state));
			if (reverted !== undefined) return reverted.rebootRequired;
			tools.log.info(
				urn,
				`${name}: another resource tunes this machine now; ${leftAlone}`,
			);
			return false;
		},
		(text) => tools.log.progress(urn, text),
	);
	if (!mustReboot) {
		return;
	}
	if (state.reboot !== "auto") {
		tools.log.warn(
			urn,
			`${name}: reverted, but still boots as before until it is rebooted`,
		);
		return;
	}
	await rebootAndWait({
		name,
		connection,
		timeoutSeconds: state.rebootTimeoutSeconds,
		rollbackSeconds: undefined,
		pool: tools.noRetryPool,
		progress: (text) => tools.log.progress(urn, text),
	});
}

/** What the operator should know of a report besides the state's values. */
function tellNews(
	tools: HostTools,
	urn: string,
	state: HostStateOutputs,
	{ rolledBack, owner }: Report,
): void {
	const warn = (text: string) => tools.log.warn(urn, `${state.host}: ${text}`);
	const unknown = unknownIds(state.settings, order);
	if (unknown.length > 0) {
		warn(
			`deployed by a version with other tunables; metaltune ${version} does not know ${unknown.join(", ")} and leaves them as they are. Check them with that version`,
		);
	}
	if (rolledBack !== undefined) warn(`ROLLED BACK: ${rolledBack}`);
	if (owner !== undefined && owner.token !== state.owner) {
		warn(
			`this machine is ${owner.name} of stack ${owner.stack} now; take it out of one of the two inventories`,
		);
	}
}

async function read(tools: HostTools, urn: string, state: HostStateOutputs) {
	checkForm(urn, state);
	const wanted = wantedSettings(state, order);
	const { report, installed } = await withHost(
		tools.pool,
		state.host,
		state.connection,
		(host) => probe(host, wanted),
		(text) => tools.log.progress(urn, text),
	).catch((error) => {
		throw withRepairHint(error);
	});
	tellNews(tools, urn, state, report);
	const { findings, damaged } = report;
	const next = stateAfterRead(state, { findings, installed, damaged }, order);
	return { state: next, inputs: inputsOf(next) };
}

async function giveUp(
	tools: HostTools,
	urn: string,
	state: HostStateOutputs,
): Promise<void> {
	const taker = await takenBy(tools, state);
	if (taker !== undefined) {
		tools.log.info(
			urn,
			`${state.host}: this machine is ${taker.host} now; ${leftAlone}`,
		);
		return;
	}
	try {
		await revertAndReboot(tools, urn, state);
	} catch (error) {
		// The host was reachable when HostReady was deleted a moment ago. `keep` is
		// no longer an option, because it would have to be applied first.
		throw withRecoveryHint(
			error,
			`forget it with \`pulumi state delete '${urn}'\``,
		);
	}
}

/** The resource type `metaltune:index:HostState`. */
export function hostState(
	tools: HostTools,
): ResourceHandler<HostStateInputs, HostStateOutputs> {
	return {
		id: (inputs) => inputs.host,
		diff: difference,
		create: (urn, inputs) => change(tools, urn, undefined, inputs),
		async update(urn, olds, news) {
			checkForm(urn, olds);
			return change(tools, urn, olds, news);
		},
		read: (urn, state) => read(tools, urn, state),
		delete: (urn, state) => giveUp(tools, urn, state),
	};
}
