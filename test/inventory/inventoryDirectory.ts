/**
 * Inventories in a temporary directory.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { applications } from "../../applications/applicationSettings";
import { loadInventory } from "../../inventory/load";
import type { HostSpec } from "../../model/hostSpec";
import { InventoryError } from "../../model/problem";
import { fakeTunables } from "./fakeTunables";

/** A well-formed ed25519 key whose bytes are all `seed`. */
export function ed25519(seed = 1): string {
	const field = (bytes: Buffer) => {
		const length = Buffer.alloc(4);
		length.writeUInt32BE(bytes.length);
		return Buffer.concat([length, bytes]);
	};
	const blob = [Buffer.from("ssh-ed25519"), Buffer.alloc(32, seed)].map(field);
	return `ssh-ed25519 ${Buffer.concat(blob).toString("base64")}`;
}

/** File name below `hosts/` to contents. */
export type Files = { readonly [name: string]: string | Uint8Array };

/** The fake tunables, and what is deployed after them. */
export const fakeSections = { tunables: fakeTunables, applications };

/** Loads an inventory of these files with the fake tunables. */
export function load(files: Files): readonly HostSpec[] {
	const root = mkdtempSync(join(tmpdir(), "inventory-"));
	try {
		for (const [name, contents] of Object.entries(files)) {
			const path = join(root, "hosts", name);
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, contents);
		}
		return loadInventory(join(root, "hosts"), fakeSections);
	} finally {
		rmSync(root, { recursive: true });
	}
}

/** The lines of the InventoryError that loading these files throws. */
export function problemsOf(files: Files): readonly string[] {
	try {
		load(files);
	} catch (error) {
		if (error instanceof InventoryError) return error.message.split("\n");
		throw error;
	}
	return [];
}
