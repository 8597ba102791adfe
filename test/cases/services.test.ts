/** Units with several names, and units that systemd finds by links or starts again. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseReport } from "../../host/protocol";
import { type Setting, settingId } from "../../model/settings";
import { caseHost, caseSpecs } from "../support/caseHost";
import type { FakeHost } from "../support/hostRun";
import { diffTrees } from "../support/tree";

function settingsOf(name: string, tuning?: string): readonly Setting[] {
	return caseSpecs(name, tuning).flatMap(({ settings }) => settings);
}

/** What a probe says of each key that is not right. */
function wrong(host: FakeHost, settings: readonly Setting[]) {
	const { stdout } = host.run("probe", { settings });
	return Object.fromEntries(
		parseReport(stdout, settings)
			.findings.filter(({ verdict }) => verdict !== "ok")
			.map(({ setting, verdict }) => [settingId(setting), verdict]),
	);
}

function isActive(host: FakeHost, unit: string): boolean {
	try {
		host.read(`.lab/active/${unit}`);
		return true;
	} catch {
		return false;
	}
}

const done = { status: 0, stderr: "" };
const wants = "etc/systemd/system/multi-user.target.wants/foo.service";
const food = "etc/systemd/system/food.service";

/** Applies, verifies, applies again without a change, and reverts to the byte. */
function there(
	name: string,
	verify: (host: FakeHost) => void,
	tuning?: string,
): void {
	const host = caseHost(name);
	const settings = settingsOf(name, tuning);
	const before = new Map(host.snapshot());
	expect(host.run("apply", { settings })).toMatchObject(done);
	expect(wrong(host, settings)).toEqual({});
	verify(host);
	expect(host.run("apply", { settings })).toEqual({ ...done, stdout: "" });
	expect(host.run("revert")).toMatchObject(done);
	before.delete("usr/local/sbin/metaltune");
	expect(diffTrees(before, host.snapshot())).toEqual([]);
	expect(isActive(host, "foo.service")).toBe(name !== "service-masked-runtime");
}

describe("a unit by its alias", () => {
	test("is disabled and stopped, and reverted", () => {
		there("service-alias", (host) => {
			expect(host.snapshot().has(wants)).toBe(false);
			expect(isActive(host, "foo.service")).toBe(false);
		});
	});

	test("is masked", () => {
		there("service-alias-masked", (host) => {
			const mask = host.snapshot().get("etc/systemd/system/foo.service");
			expect(mask?.content).toBe("/dev/null");
			expect(isActive(host, "foo.service")).toBe(false);
		});
	});

	test("is enabled, although the alias is made only by that", () => {
		const host = caseHost("service-alias");
		host.remove(wants);
		host.remove(food);
		host.remove(".lab/active/foo.service");
		const settings = settingsOf(
			"service-alias",
			"services: {food: {enabled: yes, state: running}}",
		);
		const before = new Map(host.snapshot());
		expect(host.run("apply", { settings })).toMatchObject(done);
		expect(wrong(host, settings)).toEqual({});
		expect(isActive(host, "foo.service")).toBe(true);
		expect(host.run("revert")).toMatchObject(done);
		before.delete("usr/local/sbin/metaltune");
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	});

	test("by a link of the administrator's, which disabling takes away", () => {
		const host = caseHost("service-alias");
		host.write(
			"usr/lib/systemd/system/foo.service",
			"[Service]\nExecStart=/usr/sbin/foo\n\n[Install]\nWantedBy=multi-user.target\n",
		);
		const settings = settingsOf("service-alias");
		const before = host.snapshot();
		expect(host.run("apply", { settings })).toMatchObject(done);
		expect(host.snapshot().has(food)).toBe(false);
		expect(wrong(host, settings)).toEqual({});
		expect(host.run("apply", { settings: [] })).toMatchObject(done);
		expect(host.snapshot().get(food)).toEqual(before.get(food));
		expect(host.snapshot().get(wants)).toEqual(before.get(wants));
		expect(isActive(host, "foo.service")).toBe(true);
	});

	test("and by its own name: refused before anything is written", () => {
		const host = caseHost("service-alias");
		const settings = settingsOf(
			"service-alias",
			"services: {food: {enabled: no}, foo: {state: stopped}}",
		);
		const before = host.snapshot();
		const { status, stderr } = host.run("apply", { settings });
		expect(status).toBe(65);
		expect(stderr).toContain(
			"food.service and foo.service are one unit, foo.service; keep one",
		);
		expect(diffTrees(before, host.snapshot())).toEqual([]);
	});
});

test("a linked unit keeps the link by which it is found", () => {
	there("service-linked", (host) => {
		expect(host.snapshot().has(wants)).toBe(false);
		expect(isActive(host, "foo.service")).toBe(true);
	});
});

test("a linked unit is masked", () => {
	there(
		"service-linked",
		(host) => {
			const mask = host.snapshot().get("etc/systemd/system/foo.service");
			expect(mask?.content).toBe("/dev/null");
		},
		"services: {foo: {enabled: masked}}",
	);
});

test("a mask that the next boot forgets is no mask", () => {
	const host = caseHost("service-masked-runtime");
	const settings = settingsOf("service-masked-runtime");
	expect(wrong(host, settings)).toEqual({
		"services.foo.enablement": "bootDrift",
	});
	there("service-masked-runtime", () => {});
});

describe("a service that a socket starts", () => {
	test("is not stopped while the socket listens", () => {
		const host = caseHost("service-socket-activated");
		const settings = settingsOf("service-socket-activated");
		const { status, stderr } = host.run("apply", { settings });
		expect(status).toBe(65);
		expect(stderr).toMatch(
			/rpcbind\.state +stopped +stopped, but rpcbind\.socket can start it/,
		);
		expect(host.run("revert")).toMatchObject(done);
		expect(isActive(host, "rpcbind.service")).toBe(true);
	});

	test.each([
		"{rpcbind: {state: stopped, enabled: no}, rpcbind.socket: {state: stopped, enabled: no}}",
		"{rpcbind: {state: stopped, enabled: masked}}",
	])("is stopped by %s", (tuning) => {
		const host = caseHost("service-socket-activated");
		const settings = settingsOf(
			"service-socket-activated",
			`services: ${tuning}`,
		);
		expect(host.run("apply", { settings })).toMatchObject(done);
		expect(wrong(host, settings)).toEqual({});
		expect(host.run("revert")).toMatchObject(done);
		expect(isActive(host, "rpcbind.socket")).toBe(true);
		expect(isActive(host, "rpcbind.service")).toBe(true);
	});
});

describe("refused before anything is written", () => {
	const refused = (
		tuning: string,
		prepare: (host: FakeHost) => void,
	): string => {
		const host = caseHost("service-alias");
		prepare(host);
		const settings = settingsOf("service-alias", `services: ${tuning}`);
		const before = host.snapshot();
		const { status, stderr } = host.run("apply", { settings });
		expect(status).toBe(65);
		expect(stderr).toContain("refused, and nothing was changed");
		expect(diffTrees(before, host.snapshot())).toEqual([]);
		return stderr;
	};

	test.each([
		["usr/lib/systemd/system/bar.service", "static"],
		["run/systemd/generator/bar.service", "generated"],
	])("a unit that cannot be enabled: %s", (path, state) => {
		expect(
			refused("{bar: {enabled: no}}", (host) =>
				host.write(path, "[Service]\nExecStart=/bin/true\n"),
			),
		).toContain(`bar.service is ${state}, so systemd can neither enable`);
	});

	test("a mask in the place of a unit's own file", () => {
		expect(
			refused("{bar: {enabled: masked}}", (host) =>
				host.write(
					"etc/systemd/system/bar.service",
					"[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n",
				),
			),
		).toContain("cannot mask a unit whose file is /etc/systemd/system/bar");
	});
});

describe("the world changes after apply", () => {
	const tuned = () => {
		const host = caseHost("service-alias");
		const settings = settingsOf("service-alias");
		expect(host.run("apply", { settings })).toMatchObject(done);
		return { host, settings };
	};

	test("the package is gone: revert says so and succeeds", () => {
		const { host } = tuned();
		host.remove("usr/lib/systemd/system/foo.service");
		const { status, stderr } = host.run("revert");
		expect(status).toBe(0);
		expect(stderr).toContain(
			"food.service: the unit is not there any more, so it is not enabled",
		);
		expect(host.snapshot().has(wants)).toBe(false);
	});

	test("others enable and start it: both are drift, and repaired", () => {
		const { host, settings } = tuned();
		host.write(".lab/active/foo.service", "");
		host.write(
			"etc/systemd/system/foo.service",
			host.read("usr/lib/systemd/system/foo.service"),
		);
		expect(wrong(host, settings)).toEqual({
			"services.food.state": "liveDrift",
		});
		expect(host.run("apply", { settings })).toMatchObject(done);
		expect(wrong(host, settings)).toEqual({});
		expect(host.run("revert")).toMatchObject(done);
		expect(host.snapshot().has(wants)).toBe(true);
	});

	test("others mask it: revert warns and succeeds", () => {
		const host = caseHost("service-alias");
		const settings = settingsOf(
			"service-alias",
			"services: {cron: {state: stopped}}",
		);
		expect(host.run("apply", { settings })).toMatchObject(done);
		const mask = join(host.root, "etc/systemd/system/cron.service");
		symlinkSync("/dev/null", mask);
		const { status, stderr } = host.run("revert");
		expect(status).toBe(0);
		expect(stderr).toContain("cron.service: others have masked it");
		expect(isActive(host, "cron.service")).toBe(false);
	});
});

test("a template is no unit", () => {
	expect(() =>
		settingsOf("service-alias", "services: {getty@: {state: stopped}}"),
	).toThrow(/got the template getty@; name one of its instances/);
});
