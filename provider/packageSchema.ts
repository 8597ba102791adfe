/**
 * The provider's schema, which the engine requests before it shows or checks a
 * resource. The classes in components/ are written by hand, so it lists only
 * the types.
 */

/** The package schema as plain data. */
export function schema(version: string) {
	const resource = (description: string) => ({ description });
	return {
		name: "metaltune",
		version,
		resources: {
			"metaltune:index:HostKey": resource(
				"The SSH host key of a machine that is yet to be made.",
			),
			"metaltune:index:HostState": resource(
				"What a host is and what it should be, key by key.",
			),
			"metaltune:index:HostReady": resource(
				"The proof that a host is as declared.",
			),
		},
	};
}
