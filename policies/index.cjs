// Starts the policy pack: compiled in the npm package, without a type check in a
// checkout, as index.cjs of the program does. Pulumi loads the directory, so
// package.json names this file. Pulumi has already registered a compiler for .ts,
// which checks types: remove it.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (!existsSync(join(__dirname, "index.js"))) {
	delete require.extensions[".ts"];
	require("tsx/cjs");
}
try {
	require.resolve("@pulumi/policy");
} catch {
	throw new Error(
		"the policy pack needs @pulumi/policy, which is not installed; run `npm install @pulumi/policy`, or `bin/setup --policies` in a checkout of metaltune",
	);
}
const { endWithEngine, engineAddress, startWords } = require("./endWithEngine");
// Pulumi has taken the engine's address out of process.argv by now. The parent
// is a shell that waits for this process, so it says nothing of the engine.
endWithEngine(engineAddress(startWords()));
module.exports = require("./index");
