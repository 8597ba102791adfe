/** Properties as the engine sends them: plain JSON, unknown values included. */

/** Whether two plain JSON values are the same, whatever the order of fields. */
export function sameData(a: unknown, b: unknown): boolean {
	if (typeof a !== "object" || typeof b !== "object" || !a || !b) {
		return a === b;
	}
	const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
	return [...keys].every((key) =>
		sameData(Reflect.get(a, key), Reflect.get(b, key)),
	);
}

// What the engine sends in a preview for a value that does not exist yet.
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether plain JSON data holds a value that a preview cannot know. */
export function hasUnknown(data: unknown): boolean {
	return typeof data === "object" && data !== null
		? Object.values(data).some(hasUnknown)
		: data === unknown;
}
