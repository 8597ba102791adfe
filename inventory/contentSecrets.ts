/**
 * Contents that are secrets of a stack: known to the program that Pulumi runs,
 * and to nothing that reads the inventory alone.
 */
import type { HostSpec } from "../model/hostSpec";

/** A content that only the stack knows. */
export interface ContentSecret {
	/** The settings that stand for it, as `settingId` names them. */
	readonly ids: readonly [string, ...string[]];
	/** The key of the stack's config. */
	readonly secret: string;
}

function isRecord(
	value: unknown,
): value is { readonly [key: string]: unknown } {
	return typeof value === "object" && value !== null;
}

function secretOf(file: unknown): string | undefined {
	return isRecord(file) && typeof file.contentSecret === "string"
		? file.contentSecret
		: undefined;
}

/** Every content of a host that is a secret of the stack. */
export function contentSecrets({
	tuning: { files = {} },
	applications,
}: HostSpec): readonly ContentSecret[] {
	const tuned = isRecord(files) ? Object.entries(files) : [];
	return [
		...tuned.flatMap(([path, file]): ContentSecret[] => {
			const secret = secretOf(file);
			return secret === undefined ? [] : [{ ids: [`files.${path}`], secret }];
		}),
		...Object.entries(applications).flatMap(([name, { files = [] }]) =>
			files.flatMap(({ path, contentSecret: secret }): ContentSecret[] => {
				const application = `applications.${name}`;
				// The release is named after all that is in it.
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
