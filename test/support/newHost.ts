/**
 * Simulated hosts of a test file: each is disposed of after the test that made
 * it, so that a test need not.
 */
import { afterEach } from "@jest/globals";
import type { Distribution } from "../../lab/light/tree/distributions";
import { type FakeHost, fakeHost } from "./hostRun";

const disposals: (() => void)[] = [];

afterEach(() => {
	for (const dispose of disposals.splice(0)) dispose();
});

/**
 * Disposes of `host` after the running test: for a copy of another host, or for
 * one that needs something ended first.
 */
export function disposeAfterTest(host: FakeHost, first?: () => void): FakeHost {
	disposals.push(() => {
		first?.();
		host.dispose();
	});
	return host;
}

/** A new, untouched simulated host. */
export function newHost(distribution?: Distribution): FakeHost {
	return disposeAfterTest(fakeHost(distribution));
}

/** A new simulated host with the whole host program. */
export function installedHost(distribution?: Distribution): FakeHost {
	const host = newHost(distribution);
	host.install();
	return host;
}
