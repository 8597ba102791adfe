// Starts index.ts without a type check on every language host. Older ones read
// neither `nodeargs` nor `typescript` from Pulumi.yaml.
require("tsx/cjs");
const { endWithEngine, engineAddress } = require("./policies/endWithEngine.ts");
endWithEngine(engineAddress([process.env.PULUMI_NODEJS_ENGINE ?? ""]));
module.exports = require("./index.ts");
