/** @type {import("jest").Config} */
module.exports = {
	roots: ["<rootDir>/test"],
	testEnvironment: "node",
	// Most of their time is other programs': sh, sshd, the engine.
	maxWorkers: "100%",
	// Says that one hangs, not how long one takes on a machine that does much else.
	testTimeout: 120_000,
	transform: {
		"^.+\\.ts$": [
			"@swc/jest",
			{ jsc: { parser: { syntax: "typescript" }, target: "es2022" } },
		],
	},
};
