// Starts index.ts without a type check, on every language host: the older ones
// know neither `nodeargs` nor `typescript` from Pulumi.yaml.
require("tsx/cjs");
module.exports = require("./index.ts");
