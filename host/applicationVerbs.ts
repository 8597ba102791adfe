/**
 * An operator's requests about one application on a host: the previous release, or
 * its declared load test.
 */

import { SshError } from "../ssh/errors";
import { hostProgram } from "./assemble";
import { type Host, withKnownProgram } from "./call";
import { wordFailure } from "./failure";
import { applicationVerb } from "./protocol";

/** Time limits of these verbs, in seconds. */
const patience = { "release-back": 3600, "load-test": 86_400 } as const;

export type ApplicationVerb = keyof typeof patience;

/**
 * Runs the verb on the host.
 *
 * @param application a name as the inventory accepts it.
 * @returns its output.
 * @throws SshError with the end of its output, when it failed.
 */
export async function askApplication(
	host: Host,
	verb: ApplicationVerb,
	application: string,
): Promise<string> {
	const result = await withKnownProgram(host, {
		name: verb,
		verb: applicationVerb(verb, application),
		input: "",
		limit: { seconds: patience[verb] },
		programs: [hostProgram("whole")],
	});
	if (result.code === 0) return result.stdout;
	throw new SshError(
		"command",
		wordFailure(host.name, `${verb} ${application}`, result),
	);
}
