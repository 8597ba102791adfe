/**
 * Simulated hosts of a test file: each is disposed of after the test that made
 * it, so that a test need not.
 */
import { afterEach } from "@jest/globals";
import type { Distribution } from "../../lab/light/tree/distributions";
import { type FakeHost, fakeHost } from "./hostRun";

const hosts: FakeHost[] = [];

afterEach(() => {
	for (const host of hosts.splice(0)) host.dispose();
});

/** A new, untouched simulated host. */
export function newHost(distribution?: Distribution): FakeHost {
	const host = fakeHost(distribution);
	hosts.push(host);
	return host;
}
