/**
 * Serves the stand-in for Pulumi's command provider, which is in no registry
 * of packages. Only for machines that cannot have the real plugin; its
 * behaviour is the real one's, speed included.
 */
import { main } from "@pulumi/pulumi/provider";
import { endWithEngine, engineAddress } from "../../policies/endWithEngine";
import { connectToEngine } from "./engineLog";
import { provider } from "./provider";

// The server prints a stack for what check, diff and delete throw, although
// the engine is told the message anyway and shows it.
console.error = () => {};

const args = process.argv.slice(2);
const engine = engineAddress(args);
endWithEngine(engine);
if (engine !== undefined) {
	connectToEngine(engine);
}
void main(provider, args);
