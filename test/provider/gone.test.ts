/** When a failure to reach a host comes with the way to do without it. */
import { withRecoveryHint } from "../../provider/gone";
import { SshError, type SshFailure } from "../../ssh/errors";

test.each<[SshFailure, string]>([
	["refused", "h1: refused; if the machine is gone for good, forget it"],
	["timedOut", "h1: timedOut; if the machine is gone for good, forget it"],
	["hostKey", "h1: hostKey; if the machine is gone for good, forget it"],
	["noAgent", "h1: noAgent"],
	["privateKey", "h1: privateKey"],
	["command", "h1: command"],
])("a host that failed by %s", (failure, text) => {
	const error = withRecoveryHint(
		new SshError(failure, `h1: ${failure}`),
		"forget it",
	);
	expect(error).toMatchObject({ failure, message: text });
});

test("an error that is no connection failure is not changed", () => {
	const error = new Error("a defect");
	expect(withRecoveryHint(error, "forget it")).toBe(error);
});
