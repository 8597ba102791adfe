/**
 * The applications of one host, once it is ready: an upload per application
 * with a binary, and one command that deploys them all.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { callProgram } from "../host/shell";
import { packedDirectory } from "../inventory/sections/artifacts";
import type { HostSpec } from "../model/hostSpec";
import { type ConnectionArgs, commandConnectionArgs } from "./connectionArgs";

/** What a deployment to a host needs besides the description. */
export interface Target {
	readonly connection: ConnectionArgs;
	/** Of an EC2 instance; its successor may have its host key and address. */
	readonly instanceId: pulumi.Input<string> | undefined;
	/**
	 * The input of `metaltune deploy`: its settings, and the settings that only
	 * trigger it.
	 */
	readonly wanted: pulumi.Input<string>;
	/** Changes when a deployed artifact is no longer on the host. */
	readonly uploadRevision: pulumi.Output<number>;
	/** The proof that applications may start. */
	readonly ready: pulumi.Resource;
}

const packs = join(".metaltune", "artifacts");

/** A file to upload; a directory is packed into one named by its hash. */
function artifactFile(binary: string, sha256: string): string {
	if (!binary.endsWith("/")) return binary;
	const file = join(packs, `${sha256}.tar`);
	mkdirSync(packs, { recursive: true });
	writeFileSync(file, packedDirectory(binary));
	return file;
}

/**
 * Adds a comment with the next step to a command. When the command fails, the
 * command provider quotes it, but names neither host nor next step. For a lost
 * connection it prints nothing else.
 */
export function withNextStep(host: string, command: string): string {
	return `${command}\n# ${host}: if this failed or lost its connection, see that the host is up, then run: metaltune repair`;
}

function upload(
	host: string,
	application: { name: string; binary: string; sha256: string },
	{ connection, instanceId, uploadRevision, ready }: Target,
	options: pulumi.CustomResourceOptions,
): pulumi.Resource {
	const { name, binary, sha256 } = application;
	return new remote.CopyToRemote(
		`${host}-${name}`,
		{
			connection: commandConnectionArgs(connection),
			source: new pulumi.asset.FileAsset(artifactFile(binary, sha256)),
			// Relative to the login directory, so that it needs no rights and no
			// directory. The deployment moves it from there.
			remotePath: `.metaltune-${name}-${sha256}`,
			// A reinstalled or replaced machine has no artifact, and a machine can lose
			// one. A replacement only copies again and deletes nothing. The first
			// revision is omitted because earlier versions had none.
			triggers: uploadRevision.apply((revision) => [
				connection.hostKey,
				...(instanceId === undefined ? [] : [instanceId]),
				...(revision > 0 ? [revision] : []),
			]),
		},
		{ ...options, dependsOn: [ready] },
	);
}

/**
 * Refuses binaries that are not built, before any host is touched.
 *
 * @throws pulumi.RunError naming all of them.
 */
export function mustBeBuilt(specs: readonly HostSpec[]): void {
	const missing = specs.flatMap(({ name: host, applications }) =>
		Object.entries(applications)
			.filter(([, { binary, sha256 }]) => binary !== undefined && !sha256)
			.map(
				([name, { binary }]) =>
					`${host}: applications.${name}: expected a file at ${binary}, got none; build it, or copy it there`,
			),
	);
	if (missing.length > 0) throw new pulumi.RunError(missing.join("\n"));
}

/** Each application may take its time twice: to start, and to roll back. */
function deploySeconds(applications: HostSpec["applications"]): number {
	return Object.values(applications).reduce(
		(sum, { health }) => sum + 300 + 2 * (health?.timeoutSeconds ?? 30),
		600,
	);
}

/**
 * Deploys the applications of a host, whose binaries exist.
 *
 * @returns the proof that they are running; undefined when there are none.
 */
export function deployment(
	{ name: host, applications, connection: { become, timeouts } }: HostSpec,
	target: Target,
	options: pulumi.CustomResourceOptions,
): pulumi.Resource | undefined {
	const all = Object.entries(applications);
	if (all.length === 0) return undefined;
	const uploads = all.flatMap(([name, { binary, sha256 }]) => {
		if (binary === undefined || sha256 === undefined) return [];
		return [upload(host, { name, binary, sha256 }, target, options)];
	});
	return new remote.Command(
		`${host}-deploy`,
		{
			connection: commandConnectionArgs(target.connection),
			// No `delete`: reverting the host removes its applications first.
			create: withNextStep(
				host,
				callProgram(
					"deploy --quiet",
					become,
					timeouts?.deploySeconds ?? deploySeconds(applications),
				),
			),
			stdin: target.wanted,
			addPreviousOutputInEnv: false,
			logging: remote.Logging.Stderr,
		},
		{ ...options, dependsOn: [target.ready, ...uploads] },
	);
}
