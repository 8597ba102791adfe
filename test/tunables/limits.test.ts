import { limits } from "../../tunables/limits";
import { describeTunable } from "../support/tunableContract";

const file = "etc/security/limits.d/zz-metaltune.conf";
const header = "# Written by metaltune; changes are overwritten.\n";

describeTunable(limits, [
	{
		name: "every account, a group and a user",
		yaml: `
"*": {nofile: 65536}
"@trading": {memlock: unlimited, rtprio: 99}
fx: {nofile: {soft: 1024, hard: 1000000}, nice: -20}
`,
		before: {
			// Loses against ours: the last line for a domain and item wins.
			"etc/security/limits.d/10-other.conf": "* - nofile 4096\n",
		},
		after: {
			[file]: `${header}* hard nofile 65536
* soft nofile 65536
@trading hard memlock unlimited
@trading soft memlock unlimited
@trading hard rtprio 99
@trading soft rtprio 99
fx hard nice -20
fx soft nice -20
fx hard nofile 1000000
fx soft nofile 1024
`,
		},
		drifts: [
			{
				name: "a later file that overrides one type",
				change: {
					"etc/security/limits.d/10-other.conf": "",
					[file]: `${header}* - nofile 65536
@trading - memlock infinity
  @trading\t-  rtprio 99 # comment
fx - nice -20
fx hard nofile 1000000
fx soft nofile 4096
`,
				},
				finds: { "limits.fx.nofile.soft": "liveDrift" },
			},
			{
				name: "the file removed",
				change: { [file]: undefined },
				finds: {
					"limits.*.nofile.hard": "liveDrift",
					"limits.*.nofile.soft": "liveDrift",
					"limits.@trading.memlock.hard": "liveDrift",
					"limits.@trading.memlock.soft": "liveDrift",
					"limits.@trading.rtprio.hard": "liveDrift",
					"limits.@trading.rtprio.soft": "liveDrift",
					"limits.fx.nice.hard": "liveDrift",
					"limits.fx.nice.soft": "liveDrift",
					"limits.fx.nofile.hard": "liveDrift",
					"limits.fx.nofile.soft": "liveDrift",
				},
			},
		],
		shrunk: {
			yaml: "fx: {nice: -20}",
			restores: {
				"etc/security/limits.d/10-other.conf": "* - nofile 4096\n",
			},
		},
	},
	{
		name: "a file that sorts after ours",
		yaml: '"*": {nofile: {soft: 65536}}',
		before: { "etc/security/limits.d/zzz.conf": "* soft nofile 4096\n" },
		after: { [file]: `${header}* soft nofile 65536\n` },
		verdicts: { "limits.*.nofile.soft": "liveDrift" },
		fails:
			/limits\.\*\.nofile\.soft +65536 +4096 \(\/etc\/security\/limits\.d\/zzz\.conf:1\) +- +liveDrift/,
	},
]);
