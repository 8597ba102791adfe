/**
 * xdp: an XDP program on a NIC, such as the one an AF_XDP socket needs.
 *
 * Mechanism: ip(8) loads a section of an object file on the host and attaches it:
 * in the driver (native), before the network stack on any NIC (generic), or in the
 * NIC's hardware (offload). metaltune.service does it again at boot, and whenever a
 * NIC appears (Documentation/networking/af_xdp.rst).
 *
 * Latency: native mode sees a packet before the kernel allocates anything for it;
 * generic mode saves far less.
 *
 * Verified: that a program is attached in this mode, that its id is that of the
 * program that metaltune attached in this boot, and that the object file has not
 * changed since (its SHA-256). The kernel does not report a program's object file.
 * A program attached by another tool counts as foreign, even from the same file,
 * and is never replaced: detach it first.
 *
 * Cannot be undone: packets the program dropped, and the state in its maps when it
 * is replaced or detached.
 */
import { type Infer, object, record } from "../../inventory/decode/decoder";
import { interfaceName } from "../../inventory/decode/nic";
import { oneOf, text } from "../../inventory/decode/scalars";
import type { Tunable } from "../../inventory/tunable";

const decoder = record(
	interfaceName,
	object(
		{
			required: {
				object: text({
					description: "The object file on the host",
					pattern: /^(?:\/[A-Za-z0-9_.+@-]+)+$/,
					expected: "an absolute path without whitespace",
				}),
				section: text({
					description: "The section of the object that holds the program",
					pattern: /^[A-Za-z0-9_./-]+$/,
					expected: "the name of an ELF section such as xdp",
				}),
				mode: oneOf(
					["generic", "native", "offload"],
					"Where the program runs: any NIC, its driver, its hardware",
				),
			},
		},
		"One network interface",
	),
	"XDP programs on network interfaces",
);

export const xdp: Tunable<Infer<typeof decoder>> = {
	name: "xdp",
	docs: {
		summary: "an XDP program attached to a NIC, as AF_XDP needs it",
		keys: [
			{
				key: "NIC.program",
				meaning:
					"the section of an object file on the host that is attached, and where it runs",
				values: "mode (generic, native or offload), object and section",
			},
		],
		layers: ["live", "boot"],
		needsReboot: "never",
		risks: [
			"a program that drops the wrong packets cuts the host off",
			"native mode restarts the queues of some drivers, and may refuse their number or the MTU",
			"a program that another tool attached is never replaced: apply fails until it is detached",
		],
		cannotBeUndone:
			"dropped packets, and the maps of a program that is detached",
		persistence:
			"metaltune.service, which udev and the network's own scripts restart when a NIC appears or its interface comes up",
		sources: ["Documentation/networking/af_xdp.rst", "ip-link(8), xdp"],
		example:
			"xdp: {eth0: {object: /usr/local/lib/xdp_prog.o, section: xdp, mode: native}}",
	},
	decoder,
	settings: (spec) =>
		Object.entries(spec).map(([name, { object, section, mode }]) => ({
			tunable: "xdp",
			key: `${name}.program`,
			match: "exact",
			value: `${mode} ${object} ${section}`,
			effect: "live",
		})),
};
