/** The package.json of the npm package, from that of this checkout. */

interface Manifest {
	readonly [field: string]: unknown;
	readonly dependencies: { readonly [name: string]: string };
}

/** What this checkout needs of its own package.json, and a package does not. */
const ofCheckout = ["private", "main", "scripts", "devDependencies"];

/** Compiles this checkout as it runs; the package is compiled. */
const compiler = "tsx";

/** The manifest of the package. Versions are those that were tested. */
export function manifestOf(checkout: Manifest): Manifest {
	const kept = Object.entries(checkout).filter(
		([field]) => !ofCheckout.includes(field),
	);
	const { [compiler]: _, ...dependencies } = checkout.dependencies;
	return {
		...Object.fromEntries(kept),
		main: "components/exports.js",
		types: "components/exports.d.ts",
		bin: { metaltune: "bin.cjs" },
		dependencies,
	};
}
