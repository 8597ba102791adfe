/** The machines of a lab. */
import type { Renderers } from "./formats";
import { printableJson } from "./json";
import { list } from "./table";

const kinds = { metal: "test VM", light: "simulated" } as const;

/** What the list shows of a machine. */
export interface LabMachine {
	readonly name: string;
	readonly kind: keyof typeof kinds;
	/** On 127.0.0.1. */
	readonly port: number;
	readonly running: boolean;
}

/** One line per machine. */
export function labText(
	machines: readonly LabMachine[],
	columns?: number,
): string {
	return list(
		["machine", "kind", "ssh", "state"],
		machines.map(({ name, kind, port, running }) => [
			name,
			kinds[kind],
			`127.0.0.1:${port}`,
			running ? "running" : "off",
		]),
		columns,
	);
}

export const labFormats = {
	text: labText,
	json: printableJson,
} as const satisfies Renderers<readonly LabMachine[]>;

/** What a test VM is started from. */
export interface TestVm {
	readonly accelerator: string;
	readonly image: string;
	readonly snapshot: string;
}

export const testVmFormats = {
	text: ({ accelerator, image, snapshot }) =>
		`built, under ${accelerator}: ${image}, ${snapshot}`,
	json: printableJson,
} as const satisfies Renderers<TestVm>;
