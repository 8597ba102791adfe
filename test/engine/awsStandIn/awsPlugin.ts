/**
 * Serves the stand-in for the AWS provider. METALTUNE_TEST_AWS names the
 * directory that is its account.
 */
import { main, type Provider } from "@pulumi/pulumi/provider";
import { sameData } from "../../../model/plainData";
import { openSecrets } from "../../../observe/drift/pulumiSecrets";
import { openAccount, type Properties } from "./account";
import { powerOn } from "./instances";
import { functions, types } from "./types";

const account = openAccount(process.env.METALTUNE_TEST_AWS ?? "");

function typeOf(urn: string): string {
	return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function known(urn: string) {
	const type = types[typeOf(urn)];
	if (type === undefined) {
		throw new Error(`the stand-in of AWS has no ${typeOf(urn)}`);
	}
	return type;
}

function opened(properties: unknown): Properties {
	return openSecrets(properties) as Properties;
}

const idForm = /^(?:i|sg|vol|eni)-[0-9a-f]{17}$/;
const references = ["placementGroup", "iamInstanceProfile", "role"];

function stringsIn(data: unknown): readonly string[] {
	if (typeof data === "string") return [data];
	return typeof data === "object" && data !== null
		? Object.values(data).flatMap(stringsIn)
		: [];
}

function refuseUnknown(inputs: Properties): void {
	const ids = stringsIn(inputs).filter((text) => idForm.test(text));
	const names = references
		.map((name) => inputs[name])
		.filter((name) => name !== undefined)
		.map(String);
	for (const id of [...ids, ...names]) {
		if (account.get(id) === undefined) throw new Error(`${id}: NotFound`);
	}
}

const provider: Provider = {
	version: "7.48.0",
	// AWS names what has no id, and the provider makes up a name.
	async check(urn, olds: Properties, news: Properties) {
		const named = known(urn).prefix !== undefined || news.name !== undefined;
		const made = `${urn.split("::")[3]}-${account.next().toString(16)}`;
		const name = olds.name ?? made;
		return { inputs: named ? news : { ...news, name } };
	},
	async diff(_id, urn, olds, news) {
		const { replaces } = known(urn);
		const [was, is] = [opened(olds), opened(news)];
		const changed = Object.keys(is).filter(
			(name) => !sameData(was[name], is[name]),
		);
		return {
			changes: changed.length > 0,
			replaces: changed.filter(
				(name) => replaces === undefined || replaces.includes(name),
			),
		};
	},
	async create(urn, inputs) {
		const type = known(urn);
		const plain = opened(inputs);
		refuseUnknown(plain);
		const id =
			type.prefix === undefined
				? String(plain.name)
				: `${type.prefix}-${account.next().toString(16).padStart(17, "0")}`;
		const added = type.added?.(account, id, plain) ?? {};
		const stored = { id, type: typeOf(urn), inputs: plain, added };
		account.put(stored);
		account.log(`create ${typeOf(urn)} ${id} ${urn.split("::")[3]}`);
		type
			.afterwards?.(account, stored)
			.catch((error) => account.log(`${error}`));
		return { id, outs: { ...inputs, ...added } };
	},
	async update(id, urn, _olds, news) {
		const stored = account.get(id);
		if (stored === undefined) throw new Error(`${id}: NotFound`);
		refuseUnknown(opened(news));
		account.put({ ...stored, inputs: opened(news) });
		account.log(`update ${typeOf(urn)} ${id}`);
		return { outs: { ...news, ...stored.added } };
	},
	read: async (id, _urn, props) =>
		account.get(id) === undefined ? { id: "", props: {} } : { id, props },
	async delete(id, urn) {
		const stored = account.get(id);
		if (stored === undefined) return;
		const users = account.usersOf(id);
		// An instance takes its attachments with it.
		if (users.length > 0 && stored.type !== "aws:ec2/instance:Instance") {
			throw new Error(
				`DependencyViolation: ${id} is used by ${users.map((user) => user.id)}`,
			);
		}
		await known(urn).beforeDelete?.(account, stored);
		account.remove(id);
		account.log(`delete ${stored.type} ${id}`);
	},
	async invoke(token, inputs) {
		const answer = functions[token];
		if (answer === undefined) {
			throw new Error(`the stand-in of AWS has no ${token}`);
		}
		return { outputs: answer(account, opened(inputs)), failures: [] };
	},
};

// Instances that were about to boot when the plugin ended go on.
for (const stored of account.all()) {
	if (stored.type === "aws:ec2/instance:Instance") {
		powerOn(account, stored).catch((error) => account.log(`${error}`));
	}
}

console.error = () => undefined;
void main(provider, process.argv.slice(2));
