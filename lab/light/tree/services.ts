/** Services of a distribution: their units, enabled and running. */
import { lines, type Nodes } from "./files";

const unit = (
	description: string,
	command: string,
	environment: readonly string[] = [],
): string =>
	`[Unit]
Description=${description}

[Service]
${environment.map((file) => `EnvironmentFile=-/${file}\n`).join("")}ExecStart=${command}

[Install]
WantedBy=multi-user.target
`;

function running(name: string, text: string): Nodes {
	const file = `usr/lib/systemd/system/${name}.service`;
	return {
		[file]: { text },
		[`etc/systemd/system/multi-user.target.wants/${name}.service`]: {
			link: `../../../../${file}`,
		},
		[`.lab/active/${name}.service`]: { text: "" },
	};
}

/** The daemon that runs jobs, under the distribution's name for it. */
export function cron(name: "cron" | "crond"): Nodes {
	return running(
		name,
		unit("Regular background program processing", `/usr/sbin/${name}`),
	);
}

/** irqbalance as process 812, with the file that its unit reads. */
export function irqbalance(
	file: string,
	text: readonly string[] = ["#IRQBALANCE_BANNED_CPULIST="],
): Nodes {
	return {
		...running(
			"irqbalance",
			unit("irqbalance daemon", "/usr/sbin/irqbalance --foreground", [file]),
		),
		".lab/pid/irqbalance.service": lines("812"),
		"proc/812/environ": { text: "" },
		[file]: lines(...text),
	};
}
