/** The functions of lib.awk, under every awk. */
import { describe } from "@jest/globals";
import { testAwk } from "../../support/awk";

describe("lists of CPUs", () => {
	testAwk("become sets, and lists in normal form again", {
		text: `{ split("", set); print expand_cpus($0, set), cpu_list(set) }`,
		lines: ["0", "3,0-1", "0-7:2/4,64", "8-8,9", "", "8191"],
		answers: ["1 0", "1 0-1,3", "1 0-1,4-5,64", "1 8-9", "1 ", "1 8191"],
	});
	testAwk("have flags", {
		text: `{ expand_cpus($0, set); print ("domain" in set), (2 in set), cpu_list(set) }`,
		lines: ["domain,managed_irq,2-3"],
		answers: ["1 1 2-3"],
	});
	testAwk("are refused when they are none", {
		text: `{ split("", set); print expand_cpus($0, set) }`,
		lines: ["8-", "a b", "-1", "0-3:2", "0-3:0/4", "8192", "0-8192", "(null)"],
		answers: ["0", "0", "0", "0", "0", "0", "0", "0"],
	});
	testAwk("have a last CPU", {
		text: `{ split("", set); expand_cpus($0, set); print last_cpu(set) }`,
		lines: ["", "0", "9,10", "2-3"],
		answers: ["-1", "0", "10", "3"],
	});
});

describe("masks of CPUs", () => {
	testAwk("are those of the kernel", {
		text: `{ split("", set); expand_cpus($0, set); print cpu_mask(set) }`,
		lines: ["0", "31,32", "64-71"],
		answers: ["00000001", "00000001,80000000", "000000ff,00000000,00000000"],
	});
	testAwk("become sets", {
		text: `{ split("", set); expand_mask($0, set); print cpu_list(set) }`,
		lines: ["3", "ffff,ffffffff", "1,00000000,00000000", "f0F0", "0"],
		answers: ["0-1", "0-47", "64", "4-7,12-15", ""],
	});
});

testAwk("minima are of whole numbers and versions", {
	text: `{ print at_least($1, $2) }`,
	lines: [
		...["10 9", "9 10", "5.10.0 5.9", "5.1 5.2", "05 5"],
		"18446744073692774400 18446744073692774399",
		...["5.1. 5", "6.1-18 6"],
	],
	answers: ["1", "0", "1", "0", "1", "1", "0", "0"],
});

testAwk("sizes have all their digits", {
	text: `{ print size_bytes($0) }`,
	lines: ["512", "4k", "1M", "2g", "3T", "50%", "", "k"],
	answers: [
		"512",
		"4096",
		"1048576",
		"2147483648",
		"3298534883328",
		"",
		"",
		"",
	],
});

testAwk("text is trimmed", {
	text: `{ print "<" trim($0) ">" }`,
	lines: [" a \t b ", "", "a"],
	answers: ["<a b>", "<>", "<a>"],
});

testAwk("both spellings of a sysctl are one path", {
	text: `{ print sysctl_path($0) }`,
	lines: [
		...["vm.swappiness", "vm/swappiness", "net.ipv4.conf.eth0/100.forwarding"],
		"net/ipv4/conf/eth0.100/forwarding",
	],
	answers: [
		...["vm/swappiness", "vm/swappiness", "net/ipv4/conf/eth0.100/forwarding"],
		"net/ipv4/conf/eth0.100/forwarding",
	],
});

testAwk("quotes keep spaces in a word of a kernel command line", {
	text: `{ n = split_command_line($0, word); for (i = 1; i <= n; i++) print n, word[i] }`,
	lines: [`quiet  a="b c" "d=e f"`, "", `open="x y`],
	answers: ["3 quiet", "3 a=b c", "3 d=e f", "1 open=x y"],
});

testAwk("sizes are read as the kernel's memparse reads them", {
	text: `{ print kernel_bytes($0) }`,
	lines: ["1GB", "1024M", "1048576K", "0x40000000", "010k", "2m", "12", "x"],
	answers: [
		...["1073741824", "1073741824", "1073741824", "1073741824"],
		...["8192", "2097152", "12", "0"],
	],
});

testAwk("hugepages= belongs to the size before it, or to the default one", {
	text: `{
		n = split_command_line($0, word, raw)
		parameter_keys(word, n, key, alias)
		for (i = 1; i <= n; i++) print raw[i], key[i], alias[i]
	}`,
	lines: [
		'"isol-cpus=3" hugepages=4 hugepagesz=2M hugepages=5 default_hugepagesz=1GB -- quiet',
	],
	answers: [
		'"isol-cpus=3" isol_cpus ',
		"hugepages=4 hugepages hugepages[1073741824]",
		"hugepagesz=2M hugepages[2097152] ",
		"hugepages=5 hugepages[2097152] ",
		"default_hugepagesz=1GB default_hugepagesz ",
		"--  ",
		"quiet  ",
	],
});
