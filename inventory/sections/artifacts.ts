/**
 * Reads the files that applications name, because their hashes and contents are
 * part of the declaration. A binary that is not built yet is no problem of the
 * inventory, because a drift check does not need it. Deploying it is refused.
 */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { create } from "tar";
import type {
	ApplicationSpec,
	Applications,
	ReleaseFile,
} from "../../model/application";
import { errorCode } from "../../model/errorCode";
import type { Location, ProblemSink } from "../../model/problem";
import {
	contentOf,
	type SecretReader,
	secretContent,
} from "../decode/fileContent";
import { inProject, readProjectFile } from "../yaml/projectFile";
import { limits } from "../yaml/yamlDocument";

/** The place of the files, and of the application that names them. */
export interface Place {
	/** What paths of an inventory are relative to. */
	readonly base: string;
	/** No path may lead out of this directory. */
	readonly project: string;
	readonly at: Location;
	/** Absent where the inventory is read without a stack. */
	readonly secret?: SecretReader | undefined;
}

/**
 * A directory as one archive. The same content gives the same bytes, on any
 * machine and at any time.
 */
export function packedDirectory(directory: string): Buffer {
	const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
	const archive = create(
		{
			cwd: directory,
			sync: true,
			portable: true,
			noDirRecurse: true,
			mtime: new Date(0),
		},
		names.toSorted(),
	);
	const chunks: Buffer[] = [];
	for (let chunk = archive.read(); chunk !== null; chunk = archive.read()) {
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

/** The binary as it is uploaded; undefined when it is missing. */
function artifactOf(
	project: string,
	path: string,
	fail: (message: string) => void,
) {
	try {
		if (path.endsWith("/")) return packedDirectory(inProject(project, path));
		if (!statSync(path).isDirectory()) return readProjectFile(project, path);
		fail("expected a file, got a directory; write / at its end");
	} catch (error) {
		const code = errorCode(error);
		if (code !== "ENOENT") fail(`expected a file to read, got ${code}`);
	}
	return undefined;
}

function withBinary(
	spec: ApplicationSpec,
	{ base, project, at }: Place,
	problems: ProblemSink,
): ApplicationSpec {
	if (spec.binary === undefined) return spec;
	const path = resolve(base, spec.binary);
	const slash = spec.binary.endsWith("/") ? "/" : "";
	const binary = `${relative(process.cwd(), path)}${slash}`;
	const sink = problems.within("binary");
	const bytes = artifactOf(project, `${path}${slash}`, (message) =>
		sink.report(at, `${message}: ${spec.binary}`),
	);
	if (bytes === undefined) return { ...spec, binary };
	const sha256 = createHash("sha256").update(bytes).digest("hex");
	if (spec.sha256 !== undefined && spec.sha256 !== sha256) {
		problems
			.within("sha256")
			.report(at, `expected ${spec.sha256}, but ${spec.binary} has ${sha256}`);
	}
	return { ...spec, binary, sha256 };
}

function withContents(
	spec: ApplicationSpec,
	{ base, project, at, secret }: Place,
	problems: ProblemSink,
): ApplicationSpec {
	if (spec.files === undefined) return spec;
	const textOf = ({ source, contentSecret }: ReleaseFile) => {
		if (source !== undefined) {
			return contentOf(source, () =>
				readProjectFile(project, join(base, source), limits.bytes),
			);
		}
		return contentSecret === undefined || secret === undefined
			? undefined
			: secretContent(contentSecret, secret);
	};
	const files = spec.files.map((file) => {
		const { source: _, ...rest } = file;
		const content = textOf(file);
		if (content === undefined) return file;
		if (typeof content === "string") return { ...rest, content };
		problems.within("files").report(at, content.message);
		return rest;
	});
	return { ...spec, files };
}

/**
 * The same applications, with `sha256` of every existing binary and `content`
 * of every file. `binary` becomes relative to the working directory.
 */
export function withArtifacts(
	applications: Applications,
	placeOf: (name: string) => Place,
	problems: ProblemSink,
): Applications {
	return Object.fromEntries(
		Object.entries(applications).map(([name, spec]) => {
			const place = placeOf(name);
			const sink = problems.within(name);
			const filled = withBinary(spec, place, sink);
			return [name, withContents(filled, place, sink)];
		}),
	);
}
