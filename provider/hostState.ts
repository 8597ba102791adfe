/**
 * HostState: what a host is and what it should be, key by key. Only this
 * resource can see drift, as remote commands cannot be read back.
 */

import { compare } from "../inventory/compare";
import { settingsHash } from "../inventory/settings";
import { version } from "../inventory/version";
import { tunables } from "../tunables/registry";
import { withWayOut } from "./gone";
import {
	declaredSettings,
	difference,
	droppedIds,
	type HostStateInputs,
	type HostStateOutputs,
	inputsOf,
	isFresh,
	missingFields,
	settingsOf,
	stateAfterChange,
	stateAfterRead,
	unknownIds,
} from "./hostStateMath";
import { planText } from "./plan";
import { firstBoot, rebootAndWait } from "./reboot";
import {
	install,
	probe,
	rebootRequired,
	revert,
	want,
	withHost,
} from "./remoteProgram";
import type { HostTools, ResourceHandler } from "./resource";

const order = tunables.map((tunable) => tunable.name);

/** @throws Error when a stack's state is of another form than this version's. */
function checkForm(urn: string, state: HostStateOutputs): void {
	const missing = missingFields(state);
	if (missing.length === 0) return;
	throw new Error(
		`${state.host}: another version of metaltune has written this stack's state, which has no ${missing.join(", ")}; run \`pulumi state delete --target-dependents '${urn}'\`, then \`pulumi up\`: the host keeps its values and what is needed to revert them`,
	);
}

async function change(
	tools: HostTools,
	urn: string,
	olds: HostStateOutputs | undefined,
	news: HostStateInputs,
): Promise<HostStateOutputs> {
	const settings = settingsOf(news, order);
	if (news.instanceId !== undefined && isFresh(olds, news)) {
		await firstBoot({
			name: news.host,
			connection: news.connection,
			timeoutSeconds: news.rebootTimeoutSeconds,
			pool: tools.impatientPool,
			progress: (text) => tools.log.progress(urn, text),
		});
	}
	return withHost(
		tools.pool,
		news.host,
		news.connection,
		async (host) => {
			const seen = await probe(host, settings);
			if (seen.installed !== news.program) {
				await install(host);
			}
			await want(host, settings);
			const findings = compare(settings, seen.report.facts);
			const plan = planText(findings, droppedIds(olds, news));
			if (plan !== "") {
				const left = tools.followers.sentence(news.host);
				tools.log.info(urn, left === "" ? plan : `${plan}\n${left}`);
				tools.trials.begin(news.host, news.connection, settingsHash(settings));
			}
			return stateAfterChange(olds, news, findings);
		},
		(text) => tools.log.progress(urn, text),
	);
}

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
			await revert(host);
			return rebootRequired(host);
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
		pool: tools.impatientPool,
		progress: (text) => tools.log.progress(urn, text),
	});
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
		async read(urn, state) {
			checkForm(urn, state);
			const wanted = settingsOf(
				{ settings: declaredSettings(state), rules: state.rules },
				order,
			);
			const seen = await withHost(
				tools.pool,
				state.host,
				state.connection,
				(host) => probe(host, wanted),
				(text) => tools.log.progress(urn, text),
			);
			const unknown = unknownIds(state.settings, order);
			if (unknown.length > 0) {
				tools.log.warn(
					urn,
					`${state.host}: deployed by a version with other tunables; metaltune ${version} does not know ${unknown.join(", ")} and leaves them as they are. Check them with that version`,
				);
			}
			const { rolledBack } = seen.report;
			if (rolledBack !== undefined) {
				tools.log.warn(urn, `${state.host}: ROLLED BACK: ${rolledBack}`);
			}
			const next = stateAfterRead(
				state,
				{ facts: seen.report.facts, installed: seen.installed },
				order,
			);
			return { state: next, inputs: inputsOf(next) };
		},
		async delete(urn, state) {
			try {
				await revertAndReboot(tools, urn, state);
			} catch (error) {
				// It was there a moment ago, when HostReady was deleted: `keep` is no
				// way out any more, as it would have to be applied to first.
				throw withWayOut(
					error,
					`forget it with \`pulumi state delete '${urn}'\``,
				);
			}
		},
	};
}
