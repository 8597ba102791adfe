/**
 * The provider of these resources: selects them by type and keeps secrets
 * secret.
 */
import type { Provider } from "@pulumi/pulumi/provider";
import { boundedText, printableLines } from "../../model/printable";
import { longestFailure } from "./commandOutput";
import type { Resource } from "./commandResource";
import { copyToRemote } from "./copyToRemote";
import { checkInputs } from "./inputs";
import { localCommand } from "./localCommand";
import { remoteCommand } from "./remoteCommand";
import { engineLog } from "./resourceLog";
import { cancelAll } from "./retriedConnection";
import { type Properties, plainProperties, same } from "./secrets";

const resources: { readonly [type: string]: Resource } = {
	"command:local:Command": localCommand,
	"command:remote:Command": remoteCommand,
	"command:remote:CopyToRemote": copyToRemote,
};

/**
 * The stand-in. Outputs are the inputs as received, envelopes included, plus
 * what the verb adds. There is no read, so reading returns the state unchanged.
 */
export const provider: Provider = {
	version: "1.2.1",
	check: async (urn, _olds: Properties, news: Properties) =>
		checkInputs(news, resourceOf(urn).shape),
	diff: async (_id, urn, olds: Properties, news: Properties) => {
		const { shape } = resourceOf(urn);
		const changed = Object.keys(shape).filter(
			(name) => !same(olds[name], news[name]),
		);
		return {
			changes: changed.length > 0,
			replaces: changed.filter((name) => shape[name]?.replaces),
		};
	},
	create: async (urn, inputs: Properties) => {
		const resource = resourceOf(urn);
		const log = engineLog(urn);
		const added = await worded(resource.create(plainProperties(inputs), log));
		return {
			id: resource.newId(nameOf(urn)),
			outs: { ...inputs, ...added },
		};
	},
	update: async (_id, urn, olds: Properties, news: Properties) => {
		const added = await worded(
			resourceOf(urn).update(
				plainProperties(olds),
				plainProperties(news),
				engineLog(urn),
			),
		);
		return { outs: { ...news, ...added } };
	},
	cancel: async () => cancelAll(),
	delete: (_id, urn, state: Properties) =>
		worded(resourceOf(urn).delete(plainProperties(state), engineLog(urn))),
};

/** A failure may quote the host's reason for ending a connection. */
async function worded<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		const said = error instanceof Error ? error.message : String(error);
		throw new Error(boundedText(printableLines(said), longestFailure));
	}
}

// urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME
function resourceOf(urn: string): Resource {
	const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
	const resource = resources[type];
	if (resource === undefined) {
		throw new Error(
			`${type}: expected one of ${Object.keys(resources).join(", ")}, which is all that this stand-in of the command provider has; install the real plugin to use it`,
		);
	}
	return resource;
}

function nameOf(urn: string): string {
	return urn.split("::").slice(3).join("::");
}
