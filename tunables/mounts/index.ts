/**
 * mounts: file systems, now and in /etc/fstab.
 *
 * Mechanism: mount(8) for the live layer; for the next boot, metaltune's lines
 * between two markers in /etc/fstab. Every other line stays byte for byte. Another
 * line for the same mount point is enough when it is equivalent; otherwise it is a
 * conflict that only the operator can resolve. A line is only written for a mount
 * that succeeded: a missing file system in fstab stops the boot.
 *
 * Latency: noatime saves a write per read; a tmpfs keeps a log or a journal off the
 * disk.
 *
 * Cannot be undone: an unmounted tmpfs loses its files. A mount that is in use
 * stays, and the message names the processes that use it.
 *
 * Options are those that /proc/mounts shows, and those it never shows (defaults,
 * nofail, x-systemd...). Options that the kernel adds are ignored. Lines are
 * compared as mount(8) reads them: quotes, octal escapes, slashes too many,
 * defaults, and sizes in percent or blocks are no difference.
 *
 * At a boot systemd turns fstab into units; a mount unit of the same path below
 * /etc/systemd/system wins over its line (systemd-fstab-generator(8)).
 */
import {
	type Infer,
	map,
	object,
	record,
} from "../../inventory/decode/decoder";
import { directoryPath } from "../../inventory/decode/hostPaths";
import { text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";
import type { Setting } from "../../model/settings";

const type = map(
	text({
		description: "The type, as in /proc/filesystems",
		pattern: /^[a-z0-9_.]+$/,
		expected: "a file system such as ext4",
	}),
	(typed, fail) => {
		if (typed === "hugetlbfs") {
			return fail(
				"expected a file system of a disk or tmpfs, got hugetlbfs; declare it as hugePages.mounts",
			);
		}
		return typed === "swap"
			? fail("expected a file system, got swap, which is not mounted")
			: typed;
	},
);

const decoder = record(
	directoryPath("Mount point"),
	object(
		{
			required: {
				device: text({
					description: "A device, UUID=..., LABEL=... or tmpfs",
					pattern: /^[A-Za-z0-9_.:@=+,/-]+$/,
					expected: "a device such as /dev/nvme0n1p1",
				}),
				type,
			},
			optional: {
				options: text({
					description: "Separated by commas, without whitespace",
					pattern: /^[A-Za-z0-9_.:@=+,%/-]+$/,
					expected: "options such as noatime,nodev",
				}),
			},
		},
		"One file system",
	),
	"File systems by mount point",
);

type Mounts = Infer<typeof decoder>;

function settings(spec: Mounts): readonly Setting[] {
	return Object.entries(spec).map(([path, { device, type, options }]) => ({
		tunable: "mounts",
		key: path,
		match: "exact",
		value: `${device} ${type} ${options ?? "defaults"}`,
		effect: "live",
	}));
}

export const mounts: Tunable<Mounts> = {
	name: "mounts",
	docs: {
		summary: "file systems, now and in /etc/fstab",
		keys: [
			{
				key: "PATH",
				meaning: "what is mounted there, by device, type and options",
				values:
					"device: a path, UUID=..., LABEL=... or tmpfs; type: as in /proc/filesystems; options: separated by commas",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"a mount that is in use is not replaced; apply fails and names the processes that use it",
			"a device that is gone at boot stops it, unless nofail is among the options",
			"at a boot a mount unit for the same path in /etc/systemd/system wins over the line in fstab",
		],
		cannotBeUndone: "what was written to a tmpfs is gone when it is unmounted",
		persistence: "marked lines of /etc/fstab; all others stay as they are",
		sources: ["mount(8)", "fstab(5)", "tmpfs(5)"],
		example: `mounts:
  /mnt/data: {device: /dev/nvme0n1p2, type: ext4, options: "noatime,nofail"}
  /mnt/journal: {device: tmpfs, type: tmpfs, options: size=4g}`,
	},
	decoder,
	settings,
};
