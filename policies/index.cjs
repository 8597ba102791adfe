// Starts index.ts without a type check, as the program's own index.cjs does.
// The directory itself is what gets loaded, so package.json names this file,
// and what loads it has a compiler for .ts in place that checks types.
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
} = require("../provider/endWithEngine.ts");
// Pulumi has taken the engine's address out of process.argv by now. The parent
// is a shell that waits for this process, so it says nothing of the engine.
endWithEngine(engineAddress(startWords()));
module.exports = require("./index.ts");
