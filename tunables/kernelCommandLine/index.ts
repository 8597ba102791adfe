/**
 * kernelCommandLine: parameters that the kernel reads once, at boot.
 *
 * The boot layer is the boot loader's next command line. metaltune writes it with a drop-in and
 * update-grub on Debian and Ubuntu, with grubby to every entry on RHEL and Rocky, and to the
 * entries of systemd-boot. The live layer is /proc/cmdline, and for isolcpus and nohz_full the CPUs
 * that the kernel reports (/sys/devices/system/cpu/isolated, nohz_full): a text that the kernel
 * ignored is not in effect. Recovery and rescue entries stay unchanged, for recovery. Every other
 * entry must agree, including the newest kernel's, with GRUB's variables, such as TuneD's,
 * expanded.
 */

import type { Tunable } from "../../inventory/tunable";
import { type Parameters, parametersDecoder } from "./kernelParameters";

export const kernelCommandLine: Tunable<Parameters> = {
	name: "kernelCommandLine",
	docs: {
		summary: "parameters the kernel reads once, at boot",
		keys: [
			{
				key: "isolcpus",
				meaning:
					"keeps the scheduler's balancing and managed interrupts off CPUs",
				values: "flags and a CPU list: managed_irq,domain,8-15",
			},
			{
				key: "nohz_full",
				meaning: "ends the tick on a CPU with one runnable task",
				values: "a CPU list",
			},
			{
				key: "rcu_nocbs",
				meaning: "moves RCU callbacks to other CPUs",
				values: "a CPU list",
			},
			{
				key: "irqaffinity",
				meaning: "CPUs for interrupts without a mask of their own",
				values: "a CPU list",
			},
			{
				key: "workqueue.unbound_cpus, kthread_cpus, systemd.cpu_affinity",
				meaning:
					"CPUs for unbound work, kernel threads (kernels with that patch) and all services",
				values: "a CPU list; with a stride, 1-511:1/2, but not the last one",
			},
			{
				key: "default_hugepagesz, log_buf_len, mem",
				meaning: "sizes; 1GB and 1024M are 1G",
				values: "a size",
			},
			{
				key: "NAME",
				meaning: "any other parameter",
				values:
					"text or a number; true without a value, false not there, a list for one that may repeat",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "always",
		risks: [
			"a CPU in isolcpus has no load balancing: pin threads one by one",
			"where grubby keeps the entries, and they differ in huge page parameters of other sizes, nothing is changed, as grubby cannot tell sizes apart",
			"a line of more than 2047 bytes (4095 on s390x) is refused, as the kernel cuts off the rest",
			"where a loader other than GRUB or systemd-boot started the system, or nothing names it, the boot layer is unreadable and nothing is written",
			"a file that assigns the variable after metaltune's drop-in wins: reported as boot drift",
			"a TuneD profile with kernel parameters adds them to every boot next to metaltune's: where both set one, apply fails until the profile does not",
		],
		cannotBeUndone:
			"nothing before the next reboot, which brings the earlier parameters back",
		persistence:
			"/etc/default/grub.d/zz-metaltune.cfg and grub.cfg (Debian, Ubuntu), boot entries by grubby (RHEL, Rocky), entries of systemd-boot and /etc/kernel/cmdline",
		sources: [
			"Documentation/admin-guide/kernel-parameters.txt",
			"Documentation/timers/no_hz.rst",
		],
		example: `kernelCommandLine:
  isolcpus: managed_irq,domain,8-15
  nohz_full: 8-15
  rcu_nocbs: 8-15
  nosoftlockup: true`,
	},
	decoder: parametersDecoder,
	settings: (spec) =>
		Object.entries(spec).map(([key, parameter]) => ({
			tunable: "kernelCommandLine",
			key,
			...parameter,
			effect: "reboot",
		})),
};
