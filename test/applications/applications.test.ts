/** Applications: releases, what their processes got, and ways back. */
import { createHash } from "node:crypto";
import { applications } from "../../applications/applicationSettings";
import { describeTunable } from "../support/tunableContract";

const program = `#!/bin/sh
# lab: threads io-0 io-1 worker
# lab: hugetlb 4096
`;
const sha256 = createHash("sha256").update(program).digest("hex");
const hugetlbfs = "none /mnt/huge hugetlbfs rw,pagesize=2M 0 0\n";
const unit = "etc/systemd/system/metaltune-fx-store.service";
describeTunable(applications, [
	{
		name: "a pinned program with its threads and files",
		yaml: `
fx-store:
  binary: fx-store
  sha256: ${sha256}
  files:
    - {path: config.toml, content: "threads = 8\\n"}
    - {path: /etc/fx.conf, content: "new\\n", mode: 0600}
  numactl: {cpunodebind: 0, membind: 0}
  taskset: 8-11
  threads: {io-*: {cpus: 8-9, policy: fifo, priority: 50}}`,
		before: { "etc/fx.conf": "old\n" },
		uploads: { [`root/.metaltune-fx-store-${sha256}`]: program },
		after: {
			"opt/metaltune/fx-store/current/fx-store": undefined,
			"etc/fx.conf": "new\n",
			[`root/.metaltune-fx-store-${sha256}`]: undefined,
			[unit]: `# Written by metaltune for the application fx-store.
[Unit]
Description=fx-store, pinned by metaltune
After=network-online.target metaltune.service
Wants=network-online.target

[Service]
ExecStart=/usr/bin/numactl --all --cpunodebind=0 --membind=0 /usr/bin/taskset -c 8-11 /opt/metaltune/fx-store/current/fx-store
ExecStartPost=-+/usr/local/sbin/metaltune threads fx-store
WorkingDirectory=/opt/metaltune/fx-store/current
Restart=on-failure

[Install]
WantedBy=multi-user.target
`,
		},
		drifts: [
			{
				name: "a unit that was edited, and is no longer enabled",
				change: {
					[unit]: "[Service]\nExecStart=/bin/true\n",
					"etc/systemd/system/multi-user.target.wants/metaltune-fx-store.service":
						undefined,
				},
				finds: {
					"applications.fx-store.unit": "liveDrift",
					"applications.fx-store.running": "bootDrift",
				},
			},
			{
				name: "a file that was edited",
				change: { "etc/fx.conf": "by hand\n" },
				finds: { "applications.fx-store.files./etc/fx.conf": "liveDrift" },
			},
			{
				name: "a binary that was replaced in place",
				change: { "opt/metaltune/fx-store/current/fx-store": "#!/bin/sh\n" },
				finds: { "applications.fx-store.artifact": "liveDrift" },
			},
		],
		shrunk: { yaml: "{}", restores: { "etc/fx.conf": "old\n" } },
	},
	{
		name: "a program of a package, with everything systemd gives it",
		yaml: `
ruvector:
  path: /usr/bin/ruvector-server
  args: [--load, "50%", $HOME, 'a "b" \\c', ";"]
  environment: {RAYON_NUM_THREADS: "16", RUST_LOG: "warn,x=%d"}
  numactl: {interleave: all}
  nice: -20
  scheduler: {policy: fifo, priority: 99}
  limits: {nofile: 65536, memlock: unlimited, rtprio: 99}
  capabilities: [CAP_SYS_NICE, CAP_NET_RAW]
  hugetlbfs: true
  restart: always`,
		before: {
			"usr/bin/ruvector-server": program,
			"proc/mounts": hugetlbfs,
			"mnt/huge/.keep": "",
		},
		after: {
			"etc/systemd/system/metaltune-ruvector.service": `# Written by metaltune for the application ruvector.
[Unit]
Description=ruvector, pinned by metaltune
After=network-online.target metaltune.service
Wants=network-online.target

[Service]
ExecStart=/usr/bin/numactl --all --interleave=all /usr/bin/ruvector-server --load "50%%" "$$HOME" "a \\"b\\" \\\\c" ";"
WorkingDirectory=/opt/metaltune/ruvector/current
Environment=RAYON_NUM_THREADS=16
Environment="RUST_LOG=warn,x=%%d"
Nice=-20
CPUSchedulingPolicy=fifo
CPUSchedulingPriority=99
LimitMEMLOCK=infinity
LimitNOFILE=65536
LimitRTPRIO=99
AmbientCapabilities=CAP_SYS_NICE CAP_NET_RAW
Restart=always

[Install]
WantedBy=multi-user.target
`,
		},
	},
]);
