/**
 * The cases of test/cases: a case's inventory as its user would load it, and a
 * simulated host with the case's files on it.
 */
import {
	cpSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sections } from "../../applications/sections";
import { loadInventory } from "../../inventory/load";
import type { Distribution } from "../../lab/light/tree/distributions";
import type { HostSpec } from "../../model/hostSpec";

import { ed25519 } from "../inventory/inventoryDirectory";
import type { FakeHost } from "./hostRun";
import { newHost } from "./newHost";

const cases = join(__dirname, "../cases");

/** The path of a case's file. */
export function caseFile(name: string, file: string): string {
	return join(cases, name, file);
}

/** A group of one machine, `a`, whose tuning is this YAML. */
function groupOf(tuning: string): string {
	const indented = tuning.trimEnd().replace(/^/gm, "  ");
	return `tuning:\n${indented}\nmachines:\n  a: {address: 192.0.2.1, hostKey: ${ed25519()}}\n`;
}

/**
 * The hosts of a case, from its `hosts/` or its `tuning.yaml`.
 *
 * @param tuning replaces the case's own `tuning.yaml`.
 * @throws InventoryError with every problem.
 */
export function caseSpecs(name: string, tuning?: string): readonly HostSpec[] {
	const directory = mkdtempSync(join(tmpdir(), "metaltune-case-"));
	try {
		const hosts = caseFile(name, "hosts");
		if (tuning === undefined && existsSync(hosts)) {
			cpSync(hosts, directory, { recursive: true });
		} else {
			const text =
				tuning ?? readFileSync(caseFile(name, "tuning.yaml"), "utf8");
			writeFileSync(join(directory, "g.yaml"), groupOf(text));
		}
		return loadInventory(directory, sections);
	} finally {
		rmSync(directory, { recursive: true });
	}
}

/**
 * A simulated host with the case's `input/` laid over it, and metaltune's
 * program installed. It is disposed of after the test.
 */
export function caseHost(
	name: string,
	distribution: Distribution = "debian-12",
): FakeHost {
	const host = newHost(distribution);
	const input = caseFile(name, "input");
	if (existsSync(input)) {
		cpSync(input, host.root, { recursive: true, verbatimSymlinks: true });
	}
	host.install();
	return host;
}
