/** What may be declared of an application, and what is read for it. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { applicationsSection } from "../../../inventory/sections/applications";
import {
	packedDirectory,
	withArtifacts,
} from "../../../inventory/sections/artifacts";
import type { Applications } from "../../../model/application";
import {
	formatProblem,
	type Problem,
	problemSink,
} from "../../../model/problem";
import { decodeText } from "../decodeText";

const decode = (yaml: string) => decodeText(applicationsSection, yaml);

test("the guides' applications are accepted as they are started there", () => {
	const { value, problems } = decode(`
fx-store:
  binary: artifacts/fx-store
  args: [server, --threads, 8]
  environment: {RAYON_NUM_THREADS: "8", RUST_LOG: warn}
  numactl: {cpunodebind: 0, membind: 0}
  taskset: 15,8-14
  limits: {nofile: 65536, memlock: unlimited, rtprio: 99}
  threads: {io-*: {cpus: 8-9, policy: fifo, priority: 50}, "*": {cpus: 10-15}}
  scheduler: {policy: fifo, priority: 99}
  capabilities: [CAP_SYS_NICE]
  health: {tcp: 9000, timeoutSeconds: 5}
ruvector:
  path: /usr/bin/ruvector-server
  numactl: {interleave: all}
`);
	expect(problems).toEqual([]);
	expect(value?.["fx-store"]).toMatchObject({
		binary: "artifacts/fx-store",
		args: ["server", "--threads", "8"],
		taskset: "8-15",
		limits: { nofile: "65536", memlock: "unlimited", rtprio: "99" },
		numactl: { cpunodebind: "0", membind: "0" },
	});
	expect(value?.ruvector?.numactl).toEqual({ interleave: "all" });
});

describe("files that applications name", () => {
	const base = mkdtempSync(join(tmpdir(), "metaltune-artifacts-"));
	const at = { file: "hosts/x.yaml", line: 3, col: 1 };
	afterAll(() => rmSync(base, { recursive: true }));
	mkdirSync(join(base, "tree/bin"), { recursive: true });
	writeFileSync(join(base, "tree/bin/app"), "binary");
	writeFileSync(join(base, "app"), "binary");
	writeFileSync(join(base, "app.toml"), "threads = 8\n");

	function filled(applications: Applications) {
		const problems: Problem[] = [];
		const place = () => ({ base, project: base, at });
		const found = withArtifacts(applications, place, problemSink(problems));
		return { found, problems: problems.map(formatProblem) };
	}
	const sha256 = createHash("sha256").update("binary").digest("hex");

	test("are hashed and read", () => {
		const files = [{ path: "app.toml", source: "app.toml" }];
		const { found, problems } = filled({ a: { binary: "app", files } });
		expect(problems).toEqual([]);
		expect(found.a).toMatchObject({
			sha256,
			files: [{ path: "app.toml", content: "threads = 8\n" }],
		});
	});

	test("must have the hash that is declared", () => {
		const other = "0".repeat(64);
		expect(filled({ a: { binary: "app", sha256: other } }).problems).toEqual([
			`hosts/x.yaml:3:1: a.sha256: expected ${other}, but app has ${sha256}`,
		]);
	});

	test("may not be built yet, which is not the same as unreadable", () => {
		const { found, problems } = filled({ a: { binary: "later" } });
		expect(problems).toEqual([]);
		expect(found.a?.sha256).toBeUndefined();
		expect(filled({ a: { binary: "tree" } }).problems).toEqual([
			"hosts/x.yaml:3:1: a.binary: expected a file, got a directory; write / at its end: tree",
		]);
	});

	test("pack to the same bytes whenever they are packed", () => {
		const first = packedDirectory(join(base, "tree"));
		writeFileSync(join(base, "tree/bin/app"), "binary");
		expect(packedDirectory(join(base, "tree")).equals(first)).toBe(true);
		expect(first.includes("bin/app")).toBe(true);
		writeFileSync(join(base, "tree/bin/app"), "another");
		expect(packedDirectory(join(base, "tree")).equals(first)).toBe(false);
	});
});
