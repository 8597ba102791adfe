/**
 * An SSH agent of which only one key is seen. sshd ends a login after a few
 * keys (sshd_config(5), MaxAuthTries), and an agent may hold more.
 */
import { OpenSSHAgent, type ParsedKey } from "ssh2";
import { fingerprint, parsePublicKey } from "../model/publicKey";

type Answer = Parameters<OpenSSHAgent["getIdentities"]>[0];

/** Signs as the agent at its socket does. */
export class OneKeyAgent extends OpenSSHAgent {
	readonly #publicKey: string;

	/**
	 * @param socketPath of the agent that holds the key.
	 * @param publicKey `TYPE BASE64`.
	 */
	constructor(socketPath: string, publicKey: string) {
		super(socketPath);
		this.#publicKey = publicKey;
	}

	/** Gives the key, or an error that names it when the agent lacks it. */
	override getIdentities(answer: Answer): void {
		const blob = parsePublicKey(this.#publicKey)?.blob ?? Buffer.alloc(0);
		super.getIdentities((error, given) => {
			// The agent's own keys are parsed; the type allows more.
			const keys = (given ?? []) as readonly ParsedKey[];
			const chosen = keys.filter((key) => blob.equals(key.getPublicSSH()));
			if (error || chosen.length > 0) {
				answer(error, chosen);
				return;
			}
			answer(
				new Error(
					`it holds ${keys.length} keys, and agentKey ${fingerprint(blob)} is not one of them; load it with ssh-add`,
				),
			);
		});
	}
}
