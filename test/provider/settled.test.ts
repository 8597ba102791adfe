/** What counts as the observation of a host after its reboot. */
import { expect, test } from "@jest/globals";
import { settled } from "../../provider/settled";

/**
 * A host that is at work at the looks so marked, and read as `readings`; by `settledAt`
 * and `lateAt` observations, its time to settle and all of its time are over.
 */
function hostThat(
	atWork: readonly boolean[],
	readings: readonly string[],
	{ settledAt = 1, lateAt = 99 } = {},
) {
	let observations = 0;
	let looks = 0;
	return settled({
		observe: async () => readings[observations++] ?? "none left",
		isGood: (observed) => observed === "good",
		isAtWork: async () => atWork[looks++] ?? false,
		pause: async () => undefined,
		isSettled: () => observations >= settledAt,
		isLate: () => observations >= lateAt,
	});
}

test("a good observation ends the wait", async () => {
	expect(await hostThat([], ["good"])).toBe("good");
});

test("values read while the host came to rest do not count, however late", async () => {
	expect(await hostThat([false], ["during the boot", "good"])).toBe("good");
});

test("a host at work is observed again when it is at rest", async () => {
	expect(await hostThat([true, true, false], ["during the boot", "good"])).toBe(
		"good",
	);
});

test("a bad observation of a host at rest is the result", async () => {
	expect(await hostThat([], ["bad 1", "bad 2", "good"])).toBe("bad 2");
});

test("a host that started work again after its rest gets another observation", async () => {
	const atWork = [false, true, false, false];
	expect(await hostThat(atWork, ["bad 1", "bad 2", "good"])).toBe("good");
});

test("within its time to settle, a host at rest is observed again", async () => {
	const readings = ["bad 1", "bad 2", "bad 3", "good"];
	expect(await hostThat([], readings, { settledAt: 3 })).toBe("bad 3");
});

test("without an end, the time for a reboot is the limit", async () => {
	const readings = ["bad 1", "bad 2", "bad 3"];
	const atWork = Array(9).fill(true);
	expect(await hostThat(atWork, readings, { lateAt: 2 })).toBe("bad 2");
});
