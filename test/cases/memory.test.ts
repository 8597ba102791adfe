/** Huge pages: a file for all sizes, and one for each. */
import { expect, test } from "@jest/globals";
import type { Setting } from "../../model/settings";
import { caseHost, caseSpecs } from "../support/caseHost";
import { diffTrees } from "../support/tree";

const sizes = "sys/kernel/mm/transparent_hugepage/hugepages-";

function settingsOf(name: string, tuning?: string): readonly Setting[] {
	return caseSpecs(name, tuning)[0]?.settings ?? [];
}

test("a size that gives huge pages is no never", () => {
	const name = "thp-size-always";
	const host = caseHost(name);
	const before = host.snapshot();
	const settings = settingsOf(name);
	expect(host.run("probe", { settings }).stdout).toContain(
		"\tlive\tvalue\tnever, 2048kB: always, 64kB: madvise\t",
	);
	expect(host.run("apply", { settings })).toMatchObject({
		status: 0,
		stderr: "",
	});
	expect(
		["64", "1024", "2048"].map((size) =>
			host.read(`${sizes}${size}kB/enabled`).replace(/.*\[(.*)\].*\n/, "$1"),
		),
	).toEqual(["inherit", "never", "inherit"]);
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	host.install();
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("the main size must follow always, the others may give less", () => {
	const name = "thp-size-always";
	const host = caseHost(name);
	host.write(`${sizes}2048kB/enabled`, "always inherit madvise [never]\n");
	const settings = settingsOf(name, "memory: {transparentHugePages: always}");
	expect(host.run("apply", { settings })).toMatchObject({ status: 0 });
	expect(host.read(`${sizes}2048kB/enabled`)).toContain("[inherit]");
	expect(host.read(`${sizes}64kB/enabled`)).toContain("[madvise]");
});
