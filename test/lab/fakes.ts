/** A private tree per test, and commands run in it as the host would. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lightPath, writeTree } from "../../lab/light/tree";
import type { Distribution } from "../../lab/light/tree/distributions";

export interface Tree {
	readonly root: string;
	/** A file's text without the final newline. */
	read(path: string): string;
	/** Runs a shell line with the fakes on PATH. */
	sh(line: string): { readonly status: number; readonly output: string };
	/** Writes as the host program does; the error text, or "". */
	write(path: string, value: string): string;
	remove(): void;
}

export function makeTree(distribution: Distribution = "debian-12"): Tree {
	const root = mkdtempSync(join(tmpdir(), "tree-"));
	writeTree(root, distribution);
	const sh: Tree["sh"] = (line) => {
		const done = spawnSync("sh", ["-c", line], {
			env: { ROOT: root, PATH: lightPath },
			encoding: "utf8",
		});
		return {
			status: done.status ?? -1,
			output: (done.stdout + done.stderr).trim(),
		};
	};
	return {
		root,
		read: (path) => readFileSync(join(root, path), "utf8").replace(/\n$/, ""),
		sh,
		write: (path, value) =>
			sh(`printf '%s\\n' '${value}' | tee "$ROOT/${path}" >/dev/null`).output,
		remove: () => rmSync(root, { recursive: true, force: true }),
	};
}
