import { receiveScaling } from "../../tunables/receiveScaling";
import { describeTunable } from "../support/tunableContract";

const eth0 = "sys/devices/pci0000:18/0000:18:00.0/net/eth0/queues";
const flows = "proc/sys/net/core/rps_sock_flow_entries";

/** What is left of the queues when all but two are gone. */
const twoQueues = Object.fromEntries(
	[2, 3, 4, 5, 6, 7].map((queue) => [`${eth0}/rx-${queue}`, undefined]),
);

describeTunable(receiveScaling, [
	{
		name: "RPS of two queues",
		yaml: "eth0: {rps: 0-3}",
		before: { ...twoQueues, [`${eth0}/rx-1/rps_cpus`]: "0100\n" },
		after: {
			[`${eth0}/rx-0/rps_cpus`]: "000f\n",
			[`${eth0}/rx-1/rps_cpus`]: "000f\n",
		},
	},
	{
		name: "RPS and RFS of every queue",
		yaml: "eth0: {rps: 0-3, rfsEntries: 32768}",
		before: { [`${eth0}/rx-2/rps_cpus`]: "0100\n" },
		after: {
			[`${eth0}/rx-0/rps_cpus`]: "000f\n",
			[`${eth0}/rx-7/rps_cpus`]: "000f\n",
			[`${eth0}/rx-7/rps_flow_cnt`]: "4096\n",
			[flows]: "32768\n",
		},
		drifts: [
			{
				name: "one queue with other CPUs",
				change: { [`${eth0}/rx-5/rps_cpus`]: "0000\n" },
				finds: { "receiveScaling.eth0.rps": "liveDrift" },
			},
			{
				name: "one queue without flows",
				change: { [`${eth0}/rx-5/rps_flow_cnt`]: "0\n" },
				finds: { "receiveScaling.eth0.rfsEntries": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "eth0: {rfsEntries: 32768}",
			restores: {
				[`${eth0}/rx-0/rps_cpus`]: "0000\n",
				[`${eth0}/rx-2/rps_cpus`]: "0100\n",
			},
		},
	},
	{
		name: "flows of two interfaces add up",
		yaml: "{eth0: {rfsEntries: 16384}, eth1: {rfsEntries: 8192}}",
		after: {
			[flows]: "32768\n",
			[`${eth0}/rx-0/rps_flow_cnt`]: "2048\n",
		},
	},
	{
		name: "XPS of every queue",
		yaml: "eth0: {xps: '0-3,8'}",
		after: { [`${eth0}/tx-3/xps_cpus`]: "010f\n" },
	},
	{
		name: "XPS with a single queue that offers no choice",
		yaml: "eth0: {xps: 0-3}",
		before: { [`${eth0}/tx-0/xps_cpus`]: undefined },
		after: {},
		verdicts: { "receiveScaling.eth0.xps": "unsupported" },
	},
	{
		name: "CPUs this machine does not have",
		yaml: "eth0: {rps: 0-3, xps: 12-16}",
		after: {},
		verdicts: {
			"receiveScaling.eth0.rps": "liveDrift",
			"receiveScaling.eth0.xps": "liveDrift",
		},
		fails:
			/refused, and nothing was changed[\s\S]*eth0\.xps: expected CPUs of 0-15, which are all that this host can have, got 12-16/,
	},
	{
		name: "an interface that is not there",
		yaml: "eth7: {rps: 0-3}",
		after: {},
		verdicts: { "receiveScaling.eth7.rps": "liveDrift" },
		fails:
			/no interface eth7 on this host[\s\S]*receiveScaling\.eth7\.rps +0-3 +absent/,
	},
]);
