/** The size of the engine's checkpoint, per host and per kind of resource. */

interface Resource {
	readonly type: string;
}

export interface CheckpointSize {
	/** The file's size, including the stack's own resources. */
	readonly bytesPerHost: number;
	/** The same data without whitespace. */
	readonly compactBytesPerHost: number;
	/** The fleet and the stack itself are not counted. */
	readonly resourcesPerHost: number;
	/** Resource type to its compact bytes per host. */
	readonly compactBytesByType: { readonly [type: string]: number };
}

// A stack has one of each, for any number of hosts.
const perStack = [
	"pulumi:pulumi:Stack",
	"metaltune:index:Fleet",
	"pulumi:providers:metaltune",
	"pulumi:providers:command",
];

/**
 * Measures a checkpoint.
 *
 * @param text as the `file://` backend wrote it.
 */
export function checkpointSize(text: string, hosts: number): CheckpointSize {
	const data = JSON.parse(text) as {
		readonly checkpoint: {
			readonly latest: { readonly resources: readonly Resource[] };
		};
	};
	const resources = data.checkpoint.latest.resources;
	const bytes: { [type: string]: number } = {};
	for (const resource of resources) {
		const size = Buffer.byteLength(JSON.stringify(resource));
		bytes[resource.type] = (bytes[resource.type] ?? 0) + size;
	}
	const own = resources.filter(({ type }) => !perStack.includes(type));
	return {
		bytesPerHost: Math.round(Buffer.byteLength(text) / hosts),
		compactBytesPerHost: Math.round(
			Buffer.byteLength(JSON.stringify(data)) / hosts,
		),
		resourcesPerHost: own.length / hosts,
		compactBytesByType: Object.fromEntries(
			Object.entries(bytes)
				.filter(([type]) => !perStack.includes(type))
				.map(([type, size]) => [type, Math.round(size / hosts)]),
		),
	};
}
