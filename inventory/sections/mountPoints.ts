/** Mount points of file systems, of every tunable that declares them. */
import type { Asked, KeyPath } from "./contradiction";

/** The mount points, with their keys. */
export function mountPoints(
	asked: Asked,
): readonly { readonly path: string; readonly by: KeyPath }[] {
	const prefix = "mount.";
	return [
		...asked
			.of("mounts")
			.map(({ key }) => ({ path: key, by: ["mounts", key] as const })),
		...asked
			.of("hugePages")
			.filter(({ key }) => key.startsWith(prefix))
			.map(({ key }) => ({
				path: key.slice(prefix.length),
				by: ["hugePages", "mounts"] as const,
			})),
	];
}
