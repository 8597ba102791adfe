/** What an inventory may not take the place of, whatever part of it writes. */
import { expect, test } from "@jest/globals";
import { applications } from "../../../applications/applicationSettings";
import type { Tunable } from "../../../inventory/tunable";
import { files } from "../../../tunables/files";
import { hugePages } from "../../../tunables/hugePages";
import { mounts } from "../../../tunables/mounts";
import { services } from "../../../tunables/services";
import { users } from "../../../tunables/users";
import { settingsFromYaml } from "../../support/inventory";

type Writer = readonly [
	name: string,
	tunable: Tunable<unknown>,
	yaml: (path: string) => string,
];

const fileWriters: readonly Writer[] = [
	["files", files, (path) => `${path}: {content: x}`],
	[
		"files of an application",
		applications,
		(path) => `fx: {path: /usr/bin/fx, files: [{path: ${path}, content: x}]}`,
	],
];
const directoryWriters: readonly Writer[] = [
	["mounts", mounts, (path) => `${path}: {device: tmpfs, type: tmpfs}`],
	[
		"hugePages.mounts",
		hugePages,
		(path) => `mounts: [{path: ${path}, size: 2M}]`,
	],
	["homes", users, (path) => `fx: {home: ${path}}`],
];
const writers = [...fileWriters, ...directoryWriters];

const refused = /belongs to|without \. and \.\.|expected a(?:n absolute)? path/;

describe.each(writers)("%s", (_, tunable, yaml) => {
	test.each([
		...["/etc/passwd", "/etc/passwd-", "/etc/shadow", "/etc/group"],
		...["/etc/gshadow", "/etc/subuid", "/etc/sudoers", "/etc/sudoers.d/fx"],
		...["/etc/fstab", "/etc/crypttab", "/etc/default/grub", "/boot/x"],
		...["/etc/default/grub.d/x.cfg", "/etc/grub.d/40_custom"],
		...["/etc/ssh/ssh_host_ed25519_key", "/etc/ld.so.preload"],
		...["/etc/metaltune/settings.tsv", "/var/lib/metaltune/baseline.tsv"],
		...["/opt/metaltune/fx/current", "/usr/local/sbin/metaltune"],
		...["/etc/systemd/system/metaltune.service"],
		...["/etc/systemd/system/metaltune-fx.service"],
		...["/etc/systemd/system/metaltune-fx.service.d/x.conf"],
		...["/etc/udev/rules.d/99-metaltune.rules"],
		...["/etc/sysctl.d/zz-metaltune.conf", "/etc/default/irqbalance"],
		...["/proc/sys/vm/swappiness", "/etc//passwd", "/etc/./passwd"],
		...["/etc/x/../passwd", "//etc/passwd", "/etc/passwd/"],
	])("refuses %s", (path) => {
		expect(() => settingsFromYaml(tunable, yaml(path))).toThrow(refused);
	});

	test("takes a path of its own", () => {
		expect(settingsFromYaml(tunable, yaml("/srv/fx/x"))).not.toEqual([]);
	});
});

test.each(directoryWriters)(
	"%s take no directory of the system",
	(_, tunable, yaml) => {
		for (const path of [
			"/etc",
			"/usr",
			"/var",
			"/var/lib",
			"/boot",
			"/srv/../etc",
		]) {
			expect(() => settingsFromYaml(tunable, yaml(path))).toThrow(refused);
		}
		expect(settingsFromYaml(tunable, yaml("/dev/hugepages"))).not.toEqual([]);
	},
);

test.each([
	["services", services, "metaltune: {state: stopped}"],
	["services", services, "metaltune-rollback.timer: {enabled: masked}"],
	["applications", applications, "rollback: {path: /usr/bin/fx}"],
])("%s take no unit of metaltune: %s", (_, tunable, yaml) => {
	expect(() => settingsFromYaml(tunable as Tunable<unknown>, yaml)).toThrow(
		/metaltune/,
	);
});

test("a unit that is written in two ways is one unit", () => {
	expect(() =>
		settingsFromYaml(
			services,
			"irqbalance: {state: stopped}\nirqbalance.service: {state: running}",
		),
	).toThrow(/expected each unit once, got irqbalance and irqbalance\.service/);
});
