/**
 * The rivals' task: the boot layer of the benchmark's profile and the
 * best-known live values, as ten files each. metaltune does more with the same
 * profile in the same run. It sets 38 live sysctl values one by one, keeps a
 * baseline for a revert, and verifies over a new connection.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { profile } from "../profile";

export interface RivalFile {
	/** On the local machine. */
	readonly src: string;
	/** On a host, below its root. */
	readonly dest: string;
}

const { sysctl, kernelCommandLine } = profile.tuning;

function sysctlText(): string {
	return Object.entries(sysctl)
		.map(([key, value]) => {
			const text = typeof value === "object" ? value.atLeast : value;
			return `${key} = ${text}\n`;
		})
		.join("");
}

function commandLineText(): string {
	const words = Object.entries(kernelCommandLine).map(([key, value]) =>
		value === true ? key : `${key}=${value}`,
	);
	return `GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX ${words.join(" ")}"\n`;
}

const limits = ["memlock unlimited", "nofile 1048576", "rtprio 99"];

const contents: { readonly [dest: string]: string } = {
	"/etc/sysctl.d/90-latency.conf": sysctlText(),
	"/etc/default/grub.d/90-latency.cfg": commandLineText(),
	"/etc/security/limits.d/90-latency.conf": limits
		.map((limit) => `* - ${limit}\n`)
		.join(""),
	"/etc/systemd/system/mnt-hugepages.mount":
		"[Mount]\nWhat=hugetlbfs\nWhere=/mnt/hugepages\nType=hugetlbfs\nOptions=pagesize=2M\n",
	"/sys/kernel/mm/transparent_hugepage/enabled": "never\n",
	"/sys/kernel/mm/transparent_hugepage/defrag": "never\n",
	"/sys/kernel/mm/ksm/run": "0\n",
	"/proc/sys/vm/swappiness": "1\n",
	"/proc/sys/net/core/rmem_max": "134217728\n",
	"/proc/sys/net/core/wmem_max": "134217728\n",
};

/** Writes the files that the rivals copy. */
export function rivalFiles(directory: string): readonly RivalFile[] {
	const sources = join(directory, "files");
	mkdirSync(sources);
	return Object.entries(contents).map(([dest, text], index) => {
		const src = join(sources, String(index));
		writeFileSync(src, text);
		return { src, dest };
	});
}
