/**
 * What a person asks of one application on a host: the release before, or the
 * load that is declared for it.
 */
import { type Host, wordFailure } from "./remoteProgram";
import { callForApplication } from "./remoteShell";
import { SshError } from "./sshError";

/** How long each may take, in seconds. */
const patience = { "release-back": 3600, "load-test": 86_400 } as const;

export type ApplicationVerb = keyof typeof patience;

/**
 * Runs the verb on the host.
 *
 * @param application a name as the inventory accepts it.
 * @returns what it printed.
 * @throws SshError with the end of what it said, when it failed.
 */
export async function askApplication(
	host: Host,
	verb: ApplicationVerb,
	application: string,
): Promise<string> {
	const result = await host.session.run({
		name: verb,
		text: callForApplication(verb, application, host.become),
		stdin: "",
		timeoutSeconds: patience[verb],
	});
	if (result.code === 0) return result.stdout;
	throw new SshError(
		"command",
		wordFailure(host.name, `${verb} ${application}`, result),
	);
}
