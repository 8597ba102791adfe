/** Properties as the engine sends them: plain JSON, unknown values included. */

/** Whether two plain JSON values are equal; the order of fields is ignored. */
export function sameData(a: unknown, b: unknown): boolean {
	if (typeof a !== "object" || typeof b !== "object" || !a || !b) {
		return a === b;
	}
	const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
	return [...keys].every((key) =>
		sameData(Reflect.get(a, key), Reflect.get(b, key)),
	);
}

/** A map of plain JSON data. */
export interface Fields {
	readonly [name: string]: unknown;
}

/** Whether a value is a map of plain JSON data. */
export function isFields(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Never the data itself, which may be a secret.
function kindOf(value: unknown): string {
	if (Array.isArray(value)) return "a list";
	if (value === undefined || value === null) return "nothing";
	const kinds: { readonly [type: string]: string } = {
		object: "a map",
		string: "text",
	};
	return kinds[typeof value] ?? `a ${typeof value}`;
}

/** Why state data is not in this version's format, and what to do. */
function unexpected(where: string, expected: string, got: unknown): Error {
	return new Error(
		`${where}: expected ${expected}, got ${kindOf(got)}; run \`pulumi up\` with this version`,
	);
}

/**
 * A map out of a stack's state, which can be edited by hand.
 *
 * @throws Error naming `where` when it is not a map; so do the functions below.
 */
export function fieldsOf(value: unknown, where: string): Fields {
	if (isFields(value)) return { ...value };
	throw unexpected(where, "a map", value);
}

export function textOf(value: unknown, where: string): string {
	if (typeof value === "string") return value;
	throw unexpected(where, "text", value);
}

export function listOf(value: unknown, where: string): readonly unknown[] {
	if (Array.isArray(value)) return value;
	throw unexpected(where, "a list", value);
}

/** A map of texts. */
export function textsOf(value: unknown, where: string) {
	const entries = Object.entries(fieldsOf(value, where));
	return Object.fromEntries(
		entries.map(([name, text]) => [name, textOf(text, `${where}.${name}`)]),
	);
}

// The engine's placeholder, in a preview, for a value that does not exist yet.
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether plain JSON data holds a value that is unknown in a preview. */
export function hasUnknown(data: unknown): boolean {
	return typeof data === "object" && data !== null
		? Object.values(data).some(hasUnknown)
		: data === unknown;
}
