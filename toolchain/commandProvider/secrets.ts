/**
 * Property values as the engine sends them: secrets, assets and unknowns are
 * marked envelopes inside plain JSON. Only this file knows those marks.
 */

const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const assetMark = "c44067f5952c0a294b673a41bacd8c17";
const archiveMark = "0def7320c3a5731c473e5ecbe6d01bc7";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource's inputs or outputs, by property name. */
export type Properties = { readonly [name: string]: unknown };

/** True of a JSON object, secrets and assets included. */
export function isProperties(value: unknown): value is Properties {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True of a value that is known only during the deployment. */
export function isUnknown(value: unknown): boolean {
	return value === unknownText;
}

/** True of a file, text or URI that is to be copied unchanged. */
export function isAsset(value: unknown): boolean {
	return isProperties(value) && value[signature] === assetMark;
}

/** True of a directory, archive file or map of assets. */
export function isArchive(value: unknown): boolean {
	return isProperties(value) && value[signature] === archiveMark;
}

/** Marks a value as secret, once. */
export function secret(value: unknown): Properties {
	return isSecret(value) ? value : { [signature]: secretMark, value };
}

/** The value with every secret unwrapped; assets stay envelopes. */
export function plain(value: unknown): unknown {
	if (isSecret(value)) {
		return plain(value.value);
	}
	if (Array.isArray(value)) {
		return value.map(plain);
	}
	if (!isProperties(value)) {
		return value;
	}
	return Object.fromEntries(
		Object.entries(value).map(([name, part]) => [name, plain(part)]),
	);
}

/** `plain` of a whole map of properties. */
export function plainProperties(properties: Properties): Properties {
	return Object.fromEntries(
		Object.entries(properties).map(([name, part]) => [name, plain(part)]),
	);
}

/**
 * Whether the engine would see no change. Assets are compared by content; a
 * value that became secret has changed.
 */
export function same(left: unknown, right: unknown): boolean {
	if (Array.isArray(left) && Array.isArray(right)) {
		return (
			left.length === right.length &&
			left.every((part, index) => same(part, right[index]))
		);
	}
	if (!isProperties(left) || !isProperties(right)) {
		return absent(left) ? absent(right) : left === right;
	}
	if (
		(isAsset(left) && isAsset(right)) ||
		(isArchive(left) && isArchive(right))
	) {
		return left.hash === right.hash;
	}
	const names = new Set([...Object.keys(left), ...Object.keys(right)]);
	return [...names].every((name) => same(left[name], right[name]));
}

function isSecret(value: unknown): value is Properties {
	return isProperties(value) && value[signature] === secretMark;
}

function absent(value: unknown): boolean {
	return value === undefined || value === null;
}
