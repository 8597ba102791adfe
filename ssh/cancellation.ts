/**
 * When a deployment is cancelled, work on hosts ends at once and reports the
 * step it was in.
 */

import { SshError } from "./errors";
import { describeLogin, type RemoteConnection } from "./remoteConnection";

/**
 * Runs a task that fails as soon as it is cancelled.
 *
 * @param task gets a function to call with the name of each step.
 * @throws SshError that names the host's login and the step.
 */
export async function unlessCancelled<Result>(
	signal: AbortSignal,
	connection: RemoteConnection,
	task: (begin: (step: string) => void) => Promise<Result>,
): Promise<Result> {
	let step = "login";
	let listener = () => {};
	const cancelled = new Promise<never>((_, reject) => {
		listener = () =>
			reject(
				new SshError(
					"cancelled",
					`${describeLogin(connection)}: cancelled during ${step}; what has begun on the host ends there by itself, and the next \`pulumi up --refresh\` completes it`,
				),
			);
		if (signal.aborted) listener();
		signal.addEventListener("abort", listener, { once: true });
	});
	try {
		return await Promise.race([
			cancelled,
			signal.aborted
				? cancelled
				: task((name) => {
						step = name;
					}),
		]);
	} finally {
		signal.removeEventListener("abort", listener);
	}
}
