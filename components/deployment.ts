/**
 * The applications of one host, once it is ready: an upload per application
 * that has a binary, and one command that deploys them all.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { callProgram } from "../host/shell";
import { packedDirectory } from "../inventory/sections/artifacts";
import type { HostSpec } from "../model/hostSpec";
import { type ConnectionArgs, commandConnectionArgs } from "./connectionArgs";

/** What is needed beside the description to deploy to a host. */
export interface Target {
	readonly connection: ConnectionArgs;
	/** Of an EC2 instance: the next one may have its host key and address. */
	readonly instanceId: pulumi.Input<string> | undefined;
	/** What `metaltune deploy` reads: which settings, and which look at them. */
	readonly wanted: pulumi.Input<string>;
	/** Moves when an artifact that was deployed is no longer on the host. */
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
 * A command with a comment that says what to do when it fails. The command
 * provider quotes the command then, and knows neither host nor next step: of a
 * connection that was lost it says no more.
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
			// Relative to where the login begins, so that it needs no rights and no
			// directory; the deployment takes it from there.
			remotePath: `.metaltune-${name}-${sha256}`,
			// A machine that was installed or made anew has none of it, nor has one
			// that has lost it. Replacing is no more than copying again: nothing is
			// deleted. The first revision is left out: earlier versions had none.
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
 * Refuses binaries that nobody has built, before any host is touched.
 *
 * @throws pulumi.RunError with every one of them.
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

/** Each may take its time twice: to come up, and to go back. */
function deploySeconds(applications: HostSpec["applications"]): number {
	return Object.values(applications).reduce(
		(sum, { health }) => sum + 300 + 2 * (health?.timeoutSeconds ?? 30),
		600,
	);
}

/**
 * Deploys the applications of a host, whose binaries are there.
 *
 * @returns the proof that they are up; undefined when there are none.
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
