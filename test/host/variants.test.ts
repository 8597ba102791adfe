/**
 * The two forms of the host program: with what deploys applications, and without
 * it for hosts that have none.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { applications } from "../../applications/applicationSettings";
import {
	hostProgram,
	programFor,
	programPath,
	programsFor,
} from "../../host/assemble";
import { parseReport } from "../../host/protocol";
import type { Setting } from "../../model/settings";
import { memory } from "../../tunables/memory";
import { sysctl } from "../../tunables/sysctl";
import type { FakeHost } from "../support/hostRun";
import { settingsFromYaml } from "../support/inventory";
import { installedHost, newHost } from "../support/newHost";
import { diffTrees } from "../support/tree";

/** A host with the program for hosts without applications. */
function tuningHost(): FakeHost {
	const host = newHost();
	install(host);
	return host;
}

function install(host: FakeHost): void {
	host.write(programPath.slice(1), hostProgram("tuning").text);
}

const tuning = settingsFromYaml(memory, "transparentHugePages: never");
const deployed = settingsFromYaml(applications, "fx: {path: /usr/bin/fx}");
const all: readonly Setting[] = [...tuning, ...deployed];

test("the declared settings choose the host's program", () => {
	const [whole, without] = [hostProgram("whole"), hostProgram("tuning")];
	expect(whole.hash).not.toBe(without.hash);
	expect(programFor(all)).toBe(whole);
	expect(programFor(tuning)).toBe(without);
	expect(programsFor(all)).toEqual([whole]);
	// The whole one can read what the other can.
	expect(programsFor(tuning)).toEqual([without, whole]);
});

test("without applications, nothing of their part is there or called", () => {
	const directory = join(__dirname, "../../applications/host");
	const names = readdirSync(directory)
		.filter((file) => file.endsWith(".sh"))
		.flatMap((file) => [
			...readFileSync(join(directory, file), "utf8").matchAll(
				/^(\w+)\(\) \{/gm,
			),
		])
		.map(([, name = ""]) => name);
	expect(names.length).toBeGreaterThan(50);
	const { text } = hostProgram("tuning");
	// Calls that ask first whether the part is there.
	const code = text
		.replaceAll(/^.*\blib_defines (\w+) \|\| \1 .*$/gm, "")
		.replaceAll(/! lib_defines verb_deploy;/g, "");
	const called = names.filter((name) =>
		new RegExp(`(?<![\\w$-])${name}(?![\\w-])`).test(code),
	);
	expect(called).toEqual([]);
	expect(text).not.toContain("AWK_applications");
});

test("it tunes a host and reverts it", () => {
	const host = tuningHost();
	const before = host.snapshot();
	expect(host.run("apply", { settings: tuning })).toMatchObject({
		status: 0,
		stderr: "",
	});
	expect(host.run("check")).toMatchObject({ status: 0, stderr: "" });
	expect(host.run("revert")).toMatchObject({ status: 0, stderr: "" });
	install(host);
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("it says so when it is asked to deploy, and applies no application", () => {
	const host = tuningHost();
	const before = host.snapshot();
	for (const verb of [
		"deploy",
		"threads fx",
		"release-back fx",
		"load-test fx",
	]) {
		const { status, stderr } = host.run(verb, { settings: deployed });
		expect([verb, status]).toEqual([verb, 64]);
		expect(stderr).toContain("this host has no applications");
	}
	const { status, stderr } = host.run("apply", { settings: all });
	expect(status).toBe(64);
	expect(stderr).toContain("unknown tunable applications");
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("it answers for an application that it cannot tell, never that it is right", () => {
	const host = tuningHost();
	const { facts } = parseReport(
		host.run("probe", { settings: all }).stdout,
		all,
	);
	const own = facts.filter(({ tunable }) => tunable === "applications");
	expect(own).toHaveLength(deployed.length);
	expect(own.every(({ status }) => status === "unreadable")).toBe(true);
});

test("it refuses to revert a host that has applications", () => {
	const host = installedHost();
	expect(host.run("apply", { settings: all })).toMatchObject({ status: 0 });
	install(host);
	const before = host.snapshot();
	const { status, stderr } = host.run("revert");
	expect(status).toBe(65);
	expect(stderr).toContain("does not know applications.fx.release");
	expect(diffTrees(before, host.snapshot())).toEqual([]);
});

test("it reverts to settings that name applications, without those", () => {
	const host = installedHost();
	const cuts = settingsFromYaml(sysctl, "net.core.somaxconn: 8192");
	expect(host.run("apply", { settings: all })).toMatchObject({ status: 0 });
	expect(host.run("apply --rollback=60", { settings: cuts })).toMatchObject({
		status: 0,
	});
	expect(host.read("proc/sys/net/core/somaxconn")).toBe("8192\n");
	install(host);
	const { status, stderr } = host.run("undo");
	expect(stderr).toContain("ROLLED BACK");
	expect(status).toBe(0);
	expect(host.read("proc/sys/net/core/somaxconn")).not.toBe("8192\n");
	const huge = "sys/kernel/mm/transparent_hugepage/enabled";
	expect(host.read(huge)).toContain("[never]");
	expect(host.read("etc/metaltune/settings.tsv")).toContain("applications\t");
	const check = host.run("check");
	expect(check.status).toBe(1);
	expect(check.stdout).toContain("does not know the tunable applications");
});
