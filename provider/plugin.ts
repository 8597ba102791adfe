/**
 * The plugin `pulumi-resource-metaltune`: passes the engine's calls to the
 * resource types. It opens the secrets of incoming data, seals those of
 * outgoing data, and reports a failure as one message.
 */
import { flushCompileCache } from "node:module";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { version } from "../model/version";
import { openSecrets, sealSecrets } from "../observe/drift/pulumiSecrets";
import { endWithEngine, engineAddress } from "../policies/endWithEngine";
import { createPool, pool } from "../ssh/pool";
import { createDependents } from "./dependents";
import { engineLog, silentLog } from "./engineLog";
import { hostKey } from "./hostKeyProvider";
import { hostReady } from "./hostReadyProvider";
import { hostState } from "./hostStateProvider";
import { type Claim, createClaims } from "./owner";
import { schema } from "./packageSchema";
import { provisionalWatch } from "./provisionalWatch";
import type { HostTools, ResourceHandler } from "./resourceHandler";

type Handler = ResourceHandler<never, never>;

function handlersOf(tools: HostTools): { readonly [type: string]: Handler } {
	return {
		"metaltune:index:HostKey": hostKey as unknown as Handler,
		"metaltune:index:HostState": hostState(tools) as unknown as Handler,
		"metaltune:index:HostReady": hostReady(tools) as unknown as Handler,
	};
}

function typeOf(urn: string): string {
	const qualified = urn.split("::")[2] ?? "";
	return qualified.split("$").at(-1) ?? "";
}

function opened(data: unknown): never {
	return openSecrets(data) as never;
}

/** Adds to a failure the hosts that were not begun because of it. */
async function failing<T>(
	{ dependents }: HostTools,
	host: unknown,
	work: Promise<T>,
): Promise<T> {
	try {
		return await work;
	} catch (error) {
		const left = dependents.sentence(host);
		if (error instanceof Error && left !== "") error.message += `\n${left}`;
		throw error;
	}
}

function handlerFor(tools: HostTools): (urn: string) => Handler {
	const handlers = handlersOf(tools);
	return (urn) => {
		const handler = handlers[typeOf(urn)];
		if (handler !== undefined) return handler;
		throw new Error(
			`expected a resource type of metaltune, got ${typeOf(urn)}`,
		);
	};
}

function providerOf(tools: HostTools): Provider {
	const handlerOf = handlerFor(tools);
	return {
		version,
		schema: JSON.stringify(schema(version)),
		async check(urn, _olds, news) {
			if (typeOf(urn) === "metaltune:index:HostState") {
				tools.claims.add(opened(news) as Claim);
			}
			return { inputs: tools.dependents.take(news) };
		},
		async diff(_id, urn, olds, news) {
			const found = handlerOf(urn).diff(opened(olds), opened(news));
			return { changes: found.changes, replaces: [...found.replaces] };
		},
		async create(urn, inputs) {
			const handler = handlerOf(urn);
			const made = handler.create(urn, opened(inputs));
			const state = await failing(tools, inputs.host, made);
			return { id: handler.id(opened(inputs)), outs: sealSecrets(state) };
		},
		async update(_id, urn, olds, news) {
			const handler = handlerOf(urn);
			const changed = handler.update(urn, opened(olds), opened(news));
			const state = await failing(tools, news.host, changed);
			return { outs: sealSecrets(state) };
		},
		async read(id, urn, props) {
			const found = await handlerOf(urn).read(urn, opened(props));
			const outs = { id, props: sealSecrets(found.state) };
			const { inputs } = found;
			return inputs === undefined
				? outs
				: { ...outs, inputs: sealSecrets(inputs) };
		},
		delete: (_id, urn, props) => handlerOf(urn).delete(urn, opened(props)),
		async cancel() {
			for (const each of [tools.pool, tools.noRetryPool]) each.cancel();
		},
	};
}

// The engine shows the message of a failed call. The SDK would also print its
// stack to standard error, which the engine shows as well.
console.error = () => undefined;

const engine = engineAddress(process.argv.slice(2));
endWithEngine(engine);

const noRetryPool = createPool({
	idleSeconds: 0,
	handshakes: 32,
	patience: { attemptSeconds: 5, retrySeconds: 0 },
});

main(
	providerOf({
		pool,
		noRetryPool,
		provisional: provisionalWatch(noRetryPool, 45),
		dependents: createDependents(),
		claims: createClaims(),
		log: engine === undefined ? silentLog : engineLog(engine),
	}),
	process.argv.slice(2),
);

// The engine kills its plugins; what Node.js compiled would be lost at each end.
flushCompileCache?.();
