// Starts index.ts without a type check, as index.cjs of the program does.
// Pulumi loads the directory, so package.json names this file. Pulumi has
// already registered a compiler for .ts, which checks types: remove it.
delete require.extensions[".ts"];
require("tsx/cjs");
try {
	require.resolve("@pulumi/policy");
} catch {
	throw new Error(
		"the policy pack needs @pulumi/policy, which is not installed; run `bin/setup --policies`",
	);
}
const {
	endWithEngine,
	engineAddress,
	startWords,
} = require("./endWithEngine.ts");
// Pulumi has taken the engine's address out of process.argv by now. The parent
// is a shell that waits for this process, so it says nothing of the engine.
endWithEngine(engineAddress(startWords()));
module.exports = require("./index.ts");
