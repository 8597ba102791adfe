import { ethtool } from "../../tunables/ethtool";
import { describeTunable } from "../support/tunableContract";

const eth0 = "sys/devices/pci0000:18/0000:18:00.0/net/eth0/ethtool.lab";
const udp = "UDP over IPV4 flows use these fields for computing Hash flow key:";

describeTunable(ethtool, [
	{
		name: "rings alone",
		yaml: "eth0: {rings: {rx: 4096}}",
		after: {},
	},
	{
		name: "rings and coalescing that was adaptive",
		yaml: `
eth0:
  rings: {rx: 4096, tx: 1024}
  coalescing: {rxUsecs: 0, txUsecs: 0, adaptiveRx: off, adaptiveTx: off}
`,
		after: {
			[`${eth0}/g`]: `Ring parameters for eth0:
Pre-set maximums:
RX:		4096
RX Mini:		n/a
RX Jumbo:		n/a
TX:		4096
Current hardware settings:
RX:		4096
RX Mini:		n/a
RX Jumbo:		n/a
TX:		1024
`,
		},
		drifts: [
			{
				name: "coalescing adaptive again",
				change: {
					[`${eth0}/c`]: "Adaptive RX: on  TX: off\nrx-usecs: 0\ntx-usecs: 0\n",
				},
				finds: { "ethtool.eth0.coalescing.adaptiveRx": "liveDrift" },
			},
		],
		shrunk: { yaml: "eth0: {rings: {rx: 4096}}", restores: {} },
	},
	{
		name: "channels, offloads and flow hash",
		yaml: `
eth0:
  channels: {combined: 4, other: 1}
  offloads: {gro: off, gso: off, tcp-segmentation-offload: off, ntuple: on, rx-gro-list: on, highdma: on}
  flowHash: {udp4: nfds, tcp4: sd}
`,
		after: {
			[`${eth0}/n.udp4`]: `${udp}
IP SA
IP DA
L4 bytes 0 & 1 [TCP/UDP src port]
L4 bytes 2 & 3 [TCP/UDP dst port]
`,
		},
		drifts: [
			{
				name: "a flow hash of nothing",
				change: { [`${eth0}/n.udp4`]: `${udp}\nNone\n` },
				finds: { "ethtool.eth0.flowHash.udp4": "liveDrift" },
			},
		],
		shrunk: { yaml: "eth0: {offloads: {gro: off}}", restores: {} },
	},
	{
		name: "as many as the NIC can have, and a switch of its driver",
		yaml: `
eth0:
  channels: {combined: max, other: max}
  rings: {rx: max, tx: 1024}
  privateFlags: {legacy-rx: on, loopback: off}
`,
		after: {
			[`${eth0}/l`]: `Channel parameters for eth0:
Pre-set maximums:
RX:		n/a
TX:		n/a
Other:		1
Combined:		8
Current hardware settings:
RX:		n/a
TX:		n/a
Other:		1
Combined:		8
`,
			[`${eth0}/p`]: `Private flags for eth0:
legacy-rx : on
loopback  : off
`,
		},
		drifts: [
			{
				name: "smaller rings, and a NIC with a larger maximum",
				change: {
					[`${eth0}/g`]:
						"Pre-set maximums:\nRX: 8192\nTX: 4096\nCurrent hardware settings:\nRX: 4096\nTX: 1024\n",
				},
				finds: { "ethtool.eth0.rings.rx": "liveDrift" },
			},
			{
				name: "a private flag switched by hand",
				change: {
					[`${eth0}/p`]:
						"Private flags for eth0:\nlegacy-rx : on\nloopback  : on\n",
				},
				finds: { "ethtool.eth0.privateFlags.loopback": "liveDrift" },
			},
		],
		shrunk: { yaml: "eth0: {rings: {rx: max}}", restores: {} },
	},
	{
		name: "what the NIC does not have",
		yaml: `
eth0:
  channels: {rx: 4, tx: max}
  coalescing: {rxFrames: 1}
  privateFlags: {nothing: on}
  offloads: {lro: on, hw-nothing: on}
  flowHash: {udp6: sd}
`,
		after: {},
		verdicts: {
			"ethtool.eth0.channels.rx": "unsupported",
			"ethtool.eth0.channels.tx": "unsupported",
			"ethtool.eth0.privateFlags.nothing": "unsupported",
			"ethtool.eth0.coalescing.rxFrames": "unsupported",
			"ethtool.eth0.offloads.lro": "unsupported",
			"ethtool.eth0.offloads.hw-nothing": "unsupported",
			"ethtool.eth0.flowHash.udp6": "unsupported",
		},
	},
	{
		name: "a bond, which has no rings of its own",
		yaml: "bond0: {rings: {rx: 4096}}",
		before: { "sys/class/net/bond0/bonding/slaves": "eth0 eth1\n" },
		after: {},
		verdicts: { "ethtool.bond0.rings.rx": "unsupported" },
	},
	{
		name: "more than the hardware has",
		yaml: "eth0: {rings: {rx: 8192, tx: 4096}}",
		after: {},
		verdicts: {
			"ethtool.eth0.rings.rx": "liveDrift",
			"ethtool.eth0.rings.tx": "liveDrift",
		},
		fails:
			/refused, and nothing was changed[\s\S]*eth0\.rings\.rx: expected at most 4096, the maximum of this NIC, got 8192[\s\S]*ethtool\.eth0\.rings\.rx +8192 +256 /,
	},
	{
		name: "an interface that is not there",
		yaml: "eth7: {rings: {rx: 4096}}",
		after: {},
		verdicts: { "ethtool.eth7.rings.rx": "liveDrift" },
		fails: /no interface eth7 on this host/,
	},
]);
