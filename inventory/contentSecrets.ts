/**
 * File contents that are secrets of the stack. Only the program that Pulumi
 * runs can read them; a command that reads the inventory alone cannot.
 */
import type { HostSpec } from "../model/hostSpec";
import { isFields } from "../model/plainData";

/** A content that only the stack's config holds. */
export interface ContentSecret {
	/** The settings that contain it, as `settingId` names them. */
	readonly ids: readonly [string, ...string[]];
	/** The key of the stack's config. */
	readonly secret: string;
}

function secretOf(file: unknown): string | undefined {
	return isFields(file) && typeof file.contentSecret === "string"
		? file.contentSecret
		: undefined;
}

/** Every content of a host that is a secret of the stack. */
export function contentSecrets({
	tuning: { files = {} },
	applications,
}: HostSpec): readonly ContentSecret[] {
	const tuned = isFields(files) ? Object.entries(files) : [];
	return [
		...tuned.flatMap(([path, file]): ContentSecret[] => {
			const secret = secretOf(file);
			return secret === undefined ? [] : [{ ids: [`files.${path}`], secret }];
		}),
		...Object.entries(applications).flatMap(([name, { files = [] }]) =>
			files.flatMap(({ path, contentSecret: secret }): ContentSecret[] => {
				const application = `applications.${name}`;
				// The release's name is a hash of its whole content.
				return secret === undefined
					? []
					: [
							{
								ids: [`${application}.files.${path}`, `${application}.release`],
								secret,
							},
						];
			}),
		),
	];
}
