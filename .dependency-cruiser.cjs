/**
 * The order of directories: each may import those below it in `layers`, and none
 * above. `npm run layers` checks it. See docs/architecture.md, "Source layout".
 */

const layers = [
	"cli",
	"reports",
	"components",
	"provider",
	"observe",
	"policies",
	"host",
	"applications",
	"tunables",
	"ssh",
	"inventory",
	"model",
];

/** Directories beside the product: no layer imports them. */
const beside = ["lab", "bench", "toolchain", "test"];

const upwards = layers.slice(1).map((name, index) => ({
	name: `${name}-imports-a-layer-above`,
	comment: `${name}/ imports only the layers below it: ${layers.slice(index + 2).join(", ") || "none"}.`,
	severity: "error",
	from: { path: `^${name}/` },
	to: { path: `^(${layers.slice(0, index + 1).join("|")})/|^index[.]ts$` },
}));

const pulumi = {
	name: "pulumi-outside-its-layers",
	comment:
		"@pulumi/* is imported in index.ts, components/, provider/ and the policy pack.",
	severity: "error",
	from: {
		path: `^(${layers.join("|")})/`,
		pathNot: "^(components|provider)/|^policies/(index|policy)[.]ts$",
	},
	to: { path: "node_modules/@pulumi/" },
};

module.exports = {
	forbidden: [
		...upwards,
		pulumi,
		{
			name: "policies-import-more-than-descriptions",
			comment:
				"policies/ judges descriptions: it imports tunables/, inventory/ and model/ only.",
			severity: "error",
			from: { path: "^policies/" },
			to: { path: "^(host|applications|ssh)/" },
		},
		{
			name: "no-circles",
			comment: "Files that import one another are one file, or three.",
			severity: "error",
			from: {},
			to: { circular: true },
		},
		{
			name: "product-imports-what-is-beside-it",
			comment:
				"Only `metaltune lab` imports lab/; nothing imports bench/, toolchain/ or test/.",
			severity: "error",
			from: {
				path: `^(${layers.join("|")})/|^index[.]ts$`,
				pathNot: "^cli/commands/lab[.]ts$",
			},
			to: { path: `^(${beside.join("|")})/` },
		},
		{
			name: "model-imports-something",
			comment: "model/ imports only itself and Node.js.",
			severity: "error",
			from: { path: "^model/" },
			to: { pathNot: "^model/", dependencyTypesNot: ["core"] },
		},
		{
			name: "orphan",
			comment: "A module that nothing imports is dead, or has no test.",
			severity: "error",
			from: { orphan: true, pathNot: "[.](test|d)[.]ts$|^[^/]+$" },
			to: {},
		},
	],
	options: {
		doNotFollow: { path: "node_modules" },
		exclude: { path: "^(node_modules|[.]metaltune)/" },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: "tsconfig.json" },
		enhancedResolveOptions: { extensions: [".ts", ".cjs", ".js", ".json"] },
	},
};
