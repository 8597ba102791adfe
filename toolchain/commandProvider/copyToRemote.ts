/**
 * `command:remote:CopyToRemote`: copies files over SFTP, without setting mode
 * or owner.
 */
import { basename } from "node:path";
import type { SFTPWrapper } from "ssh2";
import { type Resource, randomHex } from "./commandResource";
import { textOf } from "./inputs";
import type { Log } from "./resourceLog";
import { type Connection, connect } from "./retriedConnection";
import { isAsset, isProperties, type Properties } from "./secrets";
import { copyLocal, makeDirectories, openSftp, write } from "./upload";

export const copyToRemote: Resource = {
	shape: {
		connection: { kind: "connection", required: true },
		source: { kind: "source", required: true },
		remotePath: { kind: "text", required: true },
		triggers: { kind: "list", replaces: true },
	},
	newId: randomHex,
	create: copy,
	// Another host alone causes no copy; only changed content or a changed path
	// does.
	update: async (olds, news, log) =>
		hashOf(olds) === hashOf(news) && olds.remotePath === news.remotePath
			? {}
			: copy(news, log),
	delete: async () => {},
};

async function copy(inputs: Properties, log: Log): Promise<Properties> {
	const { source } = inputs;
	const path = textOf(inputs, "remotePath") ?? "";
	if (!isProperties(source)) {
		throw new Error("source: expected an asset or an archive");
	}
	const open = await connect(inputs.connection as Connection, log);
	try {
		await copySource(await openSftp(open.client), source, path);
	} finally {
		open.close();
	}
	return {};
}

async function copySource(
	sftp: SFTPWrapper,
	source: Properties,
	path: string,
): Promise<void> {
	const text = textOf(source, "text");
	const local = textOf(source, "path");
	const uri = textOf(source, "uri");
	if (isProperties(source.assets)) {
		await makeDirectories(sftp, path);
		for (const [name, part] of Object.entries(source.assets)) {
			await copyEntry(sftp, part, `${path}/${name}`);
		}
	} else if (local !== undefined && local !== "") {
		await copyLocal(sftp, local, path);
	} else if (uri !== undefined && uri !== "") {
		const { pathname } = new URL(uri);
		await write(sftp, await download(uri), path, basename(pathname));
	} else if (isAsset(source)) {
		await write(sftp, Buffer.from(text ?? ""), path, "");
	} else {
		throw new Error("source: expected an archive with a path, URI or assets");
	}
}

async function copyEntry(
	sftp: SFTPWrapper,
	part: unknown,
	path: string,
): Promise<void> {
	if (!isProperties(part) || (!isAsset(part) && !isProperties(part.assets))) {
		throw new Error(
			`source: ${path}: expected an asset or a map of assets, as this stand-in of the command provider unpacks no archive inside an archive`,
		);
	}
	await copySource(sftp, part, path);
}

async function download(uri: string): Promise<Buffer> {
	const answer = await fetch(uri);
	if (!answer.ok) {
		throw new Error(`source: ${uri}: expected 200, got ${answer.status}`);
	}
	return Buffer.from(await answer.arrayBuffer());
}

function hashOf({ source }: Properties): unknown {
	return isProperties(source) ? source.hash : undefined;
}
