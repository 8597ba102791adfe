/** Where file systems are mounted, whichever tunable declares them. */
import type { Asked, KeyPath } from "./contradiction";

/** Paths on which something is mounted, and by which key. */
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
