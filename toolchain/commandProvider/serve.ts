/**
 * Serves the stand-in for Pulumi's command provider, which no package
 * registry has. It is only for machines that cannot install the real plugin. It
 * behaves like the real one, with the same speed.
 */
import { flushCompileCache } from "node:module";
import { main } from "@pulumi/pulumi/provider";
import { endWithEngine, engineAddress } from "../../policies/endWithEngine";
import { provider } from "./provider";
import { connectToEngine } from "./resourceLog";

// The server prints a stack trace for errors of check, diff and delete,
// although the engine receives and shows their message.
console.error = () => {};

const args = process.argv.slice(2);
const engine = engineAddress(args);
endWithEngine(engine);
if (engine !== undefined) {
	connectToEngine(engine);
}
void main(provider, args);

// The engine kills its plugins; what Node.js compiled would be lost at each end.
flushCompileCache?.();
