import { expect, test } from "@jest/globals";
import type { Fact } from "../../model/facts";
import type { Setting } from "../../model/settings";
import { planText } from "../../provider/plan";
import { compare } from "../support/oracle";

function setting(
	key: string,
	value: string,
	effect: Setting["effect"],
): Setting {
	return { tunable: "sysctl", key, match: "exact", value, effect };
}

function fact(key: string, layer: Fact["layer"], text: string): Fact {
	return { tunable: "sysctl", key, layer, status: "value", text, source: "-" };
}

test("names what changes, and nothing else", () => {
	const findings = compare(
		[
			setting("a", "0", "live"),
			setting("bb.c", "", "live"),
			setting("fine", "1", "live"),
			setting("waits", "1", "reboot"),
		],
		[
			fact("a", "live", "1"),
			{ ...fact("a", "boot", ""), status: "absent" },
			fact("bb.c", "live", ""),
			fact("bb.c", "boot", "2"),
			fact("fine", "live", "1"),
			fact("waits", "live", "0"),
			fact("waits", "boot", "1"),
		],
	);
	expect(planText(findings, ["limits.x"])).toBe(
		`sysctl.a     live: 1, boot: absent -> 0
sysctl.bb.c  boot: 2 -> ""
limits.x     -> as before metaltune`,
	);
	expect(planText([], [])).toBe("");
});
