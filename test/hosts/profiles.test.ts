/**
 * The shipped profiles, whole: their tuning takes effect on a simulated host, no
 * rule refuses them, and a checklist names what is declared.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { XMLParser } from "fast-xml-parser";
import { sections } from "../../applications/sections";
import { parseReport } from "../../host/protocol";
import { loadLocated } from "../../inventory/load";
import { intersection, parseCpuList } from "../../model/cpuSet";
import { isDeployed, type Setting, settingId } from "../../model/settings";
import {
	checklistReport,
	checklistSettings,
} from "../../observe/checklist/checklistReport";
import { configurationOf } from "../../policies/configuration";
import { dayOf, judge } from "../../policies/judgeRules";
import { findingText } from "../../policies/rule";
import { rules } from "../../policies/ruleRegistry";
import { furnishForGuides } from "../support/furnish";
import { type FakeHost, fakeHost } from "../support/hostRun";

const directory = join(__dirname, "../../hosts");
const hosts = loadLocated(directory, sections);
const groups = new Map(hosts.map((host) => [host.spec.group, host]));

/** What the profiles take for granted and a simulated host does not have. */
function furnish(host: FakeHost): void {
	host.write(
		"usr/lib/systemd/system/prometheus-node-exporter.service",
		"[Service]\nExecStart=/usr/bin/prometheus-node-exporter\n[Install]\nWantedBy=multi-user.target\n",
	);
	furnishForGuides(host, [
		"clickhouse-client",
		"clickhouse-server",
		"llvm",
		"prometheus-node-exporter",
	]);
}

/** A simulated host has 16 CPUs, and masks of as many bits. */
function onSimulatedHost(setting: Setting): Setting {
	if (setting.match !== "cpuSet" || setting.effect !== "live") return setting;
	const cpus = intersection(parseCpuList(setting.value), parseCpuList("0-15"));
	return { ...setting, value: cpus };
}

function findingsOf(host: FakeHost, settings: readonly Setting[]) {
	return parseReport(host.run("probe", { settings }).stdout, settings).findings;
}

describe.each([...groups])("%s", (_, { spec, checklist }) => {
	const settings = spec.settings
		.filter((setting) => !isDeployed(setting))
		.map(onSimulatedHost);

	test("takes effect, but for what waits for a reboot", () => {
		const host = fakeHost();
		try {
			furnish(host);
			// The command lines of larger machines.
			host.write("sys/devices/system/cpu/possible", "0-63\n");
			host.install();
			expect(host.run("apply", { settings })).toMatchObject({
				status: 0,
				stderr: "",
			});
			const bad = findingsOf(host, settings)
				.filter(({ verdict }) => verdict !== "ok")
				.map(({ setting, verdict }) => `${settingId(setting)} ${verdict}`);
			expect(bad.toSorted()).toEqual(
				settings
					.filter(({ effect }) => effect === "reboot")
					.map((setting) => `${settingId(setting)} pendingReboot`)
					.toSorted(),
			);
		} finally {
			host.dispose();
		}
	}, 120_000);

	test("its checklist names settings that are declared", () => {
		const host = fakeHost();
		try {
			host.install();
			const settings = [...spec.settings, ...checklistSettings(checklist)];
			const report = checklistReport(
				{ name: spec.name, login: "" },
				checklist,
				{
					settings: spec.settings,
					findings: findingsOf(host, settings),
					time: new Date(0),
					watched: { verdict: "notApplicable", why: "not measured" },
				},
			);
			const missing = report.items.filter(({ verdict, why }) => {
				return verdict !== "notApplicable" && why !== "";
			});
			expect(missing.map(({ name, why }) => `${name}: ${why}`)).toEqual([]);
			expect(report.items.length).toBeGreaterThan(
				spec.group === "example" ? -1 : 7,
			);
		} finally {
			host.dispose();
		}
	});
});

test("no rule has anything against them", () => {
	const specs = hosts.map(({ spec }) => spec);
	const found = judge(rules, specs, {
		configuration: configurationOf(rules, {}),
		today: dayOf(new Date()),
	});
	const texts = found.map(
		({ rule, finding }) => `${rule}: ${findingText(finding)}`,
	);
	expect(texts).toEqual([]);
});

test("each system is there, with addresses and keys of its own", () => {
	expect([...groups.keys()]).toEqual(
		expect.arrayContaining([
			"fx-store",
			"alphapulse",
			"raven",
			"solana-mev",
			"ruvector",
			"ruvector-interleave",
		]),
	);
	const logins = hosts.map(({ spec }) => spec.connection);
	const addresses = logins.map((each) => ("host" in each ? each.host : ""));
	for (const address of addresses) {
		expect(address).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
	}
	const keys = logins.map((each) => ("hostKey" in each ? each.hostKey : ""));
	expect(new Set(keys).size).toBe(keys.length);
});

describe("ClickHouse's configuration", () => {
	const files = groups.get("solana-mev")?.spec.applications.clickhouse?.files;
	const contentOf = (end: string) => {
		const file = files?.find(({ path }) => path.endsWith(end));
		return file?.content ?? "";
	};
	const parsed = (end: string) => new XMLParser().parse(contentOf(end));

	test("has the guide's values, each where ClickHouse reads it", () => {
		expect(parsed("config.d/mev.xml").clickhouse).toEqual({
			merge_tree: {
				max_bytes_to_merge_at_max_space_in_pool: 10737418240,
				max_bytes_to_merge_at_min_space_in_pool: 1073741824,
			},
			compression: { case: { method: "zstd", level: 3 } },
		});
		expect(parsed("users.d/mev.xml").clickhouse).toEqual({
			profiles: {
				default: { max_threads: 32, max_memory_usage: 128000000000 },
			},
		});
	});

	test("has the table's columns, codecs and indices", () => {
		const sql = contentOf("mev_opportunities.sql");
		expect(sql).toContain(
			"timestamp DateTime64(9) CODEC(DoubleDelta, ZSTD(3))",
		);
		expect(sql).toContain("profit Float64 CODEC(Gorilla, ZSTD(3))");
		expect(sql).toContain(
			"idx_timestamp timestamp TYPE minmax GRANULARITY 8192",
		);
		expect(sql).toContain("idx_profit profit TYPE minmax GRANULARITY 4096");
		const file = join(directory, "profiles/solana-mev/apply-table");
		expect(contentOf("apply-table")).toBe(readFileSync(file, "utf8"));
	});
});
