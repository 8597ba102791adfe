/**
 * Changes by hand and by packages, each of them undone
 * again: the tuning is the one of `drift.test.ts`.
 */
import {
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";

export const tuning = {
	kernelCommandLine: { isolcpus: "2-5" },
	sysctl: {
		"vm.swappiness": 7,
		"net.core.rmem_max": { atLeast: 134217728 },
	},
	hugePages: { "2M": { node0: 64 } },
	memory: { transparentHugePages: "never" },
	limits: { "*": { nofile: 1048576 } },
};

/** Changes the tree of a host and returns a function that undoes it. */
type Perturb = (root: string) => () => void;

function content(path: string, change: (text: string) => string): Perturb {
	return (root) => {
		const file = join(root, path);
		const before = readFileSync(file, "utf8");
		writeFileSync(file, change(before));
		return () => writeFileSync(file, before);
	};
}

function gone(path: string): Perturb {
	return (root) => {
		const file = join(root, path);
		const away = join(root, "root", path.replaceAll("/", "_"));
		renameSync(file, away);
		return () => renameSync(away, file);
	};
}

/** Reading a directory fails, for root too. */
function unreadable(path: string): Perturb {
	return (root) => {
		const file = join(root, path);
		const back = gone(path)(root);
		mkdirSync(file);
		return () => {
			rmSync(file, { recursive: true });
			back();
		};
	};
}

const swappiness = "proc/sys/vm/swappiness";
const sysctlFile = "etc/sysctl.d/zz-metaltune.conf";
const pages =
	"sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages";
const thp = "sys/kernel/mm/transparent_hugepage/enabled";
const program = "usr/local/sbin/metaltune";

export const perturbations: { readonly [name: string]: Perturb } = {
	nothing: () => () => undefined,
	"another value": content(swappiness, () => "60\n"),
	"no number": content(swappiness, () => "x\n"),
	"an empty file": content(swappiness, () => ""),
	"a key the kernel lacks": gone(swappiness),
	"a key that cannot be read": unreadable(swappiness),
	"less than the minimum": content("proc/sys/net/core/rmem_max", () => "1\n"),
	"more than the minimum": content(pages, () => "80\n"),
	"too few pages": content(pages, () => "12\n"),
	"another boot file": content(sysctlFile, (text) => text.replace("7", "8")),
	"a comment in a boot file": content(sysctlFile, (text) => `${text}# x\n`),
	"no boot file": gone(sysctlFile),
	"another choice": content(thp, () => "[always] madvise never\n"),
	"no such feature": gone("sys/kernel/mm/transparent_hugepage"),
	"no settings": gone("etc/metaltune/settings.tsv"),
	"no unit at boot": gone(
		"etc/systemd/system/multi-user.target.wants/metaltune.service",
	),
	"no program": gone(program),
	"another program": content(program, (text) => `${text}\n# changed\n`),
	"another boot menu": content("boot/grub/grub.cfg", (text) =>
		text.replaceAll("=2-5", "=2-4"),
	),
	"the same CPUs, written otherwise": content("boot/grub/grub.cfg", (text) =>
		text.replaceAll("=2-5", "=2,3,4-5"),
	),
	"a boot without the parameter": content("proc/cmdline", (text) =>
		text.replace(" isolcpus=2-5", ""),
	),
	"no limits": gone("etc/security/limits.d/zz-metaltune.conf"),
};
