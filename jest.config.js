/** @type {import("jest").Config} */
module.exports = {
	roots: ["<rootDir>/test"],
	testEnvironment: "node",
	transform: {
		"^.+\\.ts$": [
			"@swc/jest",
			{ jsc: { parser: { syntax: "typescript" }, target: "es2022" } },
		],
	},
};
