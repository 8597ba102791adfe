/**
 * The systemd unit of an application, with the guides' wrapper.
 *
 * numactl runs with --all: without it, numactl honours the mask it inherits, and
 * systemd's mask lacks isolated CPUs (numactl issue 186). taskset runs last, so
 * that its list overrides the CPUs of the node. systemd applies everything else:
 * systemd.exec(5), systemd.service(5).
 */

import { isPacked } from "../inventory/sections/applications";
import type { ApplicationSpec } from "../model/application";

/** The directory of an application's releases and of its other files. */
export function applicationDirectory(name: string): string {
	return `/opt/metaltune/${name}`;
}

/** A word quoted for systemd; systemd.syntax(7), "Quoting". */
function quotedWord(word: string, special: RegExp): string {
	const doubled = word.replace(special, "$&$&");
	if (/^[\w./:=,@+-]+$/.test(doubled)) return doubled;
	return `"${doubled.replace(/["\\]/g, "\\$&")}"`;
}

// % starts a specifier, $ a variable of a command line.
const argument = (word: string) => quotedWord(word, /[%$]/g);
const value = (word: string) => quotedWord(word, /%/g);

/** The program without its wrapper: a path on the host. */
export function executableOf(name: string, spec: ApplicationSpec): string {
	const inRelease = spec.executable ?? name;
	return spec.path ?? `${applicationDirectory(name)}/current/${inRelease}`;
}

function wrapper({ numactl = {}, taskset }: ApplicationSpec) {
	const options = Object.entries(numactl).map(([option, of]) =>
		of === true ? `--${option}` : `--${option}=${of}`,
	);
	return [
		...(options.length === 0 ? [] : ["/usr/bin/numactl", "--all", ...options]),
		...(taskset === undefined ? [] : ["/usr/bin/taskset", "-c", taskset]),
	];
}

const limitNames = {
	core: "LimitCORE",
	memlock: "LimitMEMLOCK",
	nofile: "LimitNOFILE",
	nproc: "LimitNPROC",
	rtprio: "LimitRTPRIO",
	stack: "LimitSTACK",
} as const;

function limitLines({ limits = {} }: ApplicationSpec) {
	return Object.entries(limitNames).flatMap(([name, directive]) => {
		const limit = limits[name as keyof typeof limitNames];
		if (limit === undefined) return [];
		return [`${directive}=${limit === "unlimited" ? "infinity" : limit}`];
	});
}

function schedulerLines({ scheduler }: ApplicationSpec) {
	if (scheduler === undefined) return [];
	const { policy, priority } = scheduler;
	return [
		`CPUSchedulingPolicy=${policy}`,
		...(priority === undefined ? [] : [`CPUSchedulingPriority=${priority}`]),
	];
}

function optional(directive: string, text: string | number | undefined) {
	return text === undefined ? [] : [`${directive}=${text}`];
}

function serviceLines(name: string, spec: ApplicationSpec): readonly string[] {
	const { args = [], environment = {}, capabilities, threads = {} } = spec;
	const command = [...wrapper(spec), executableOf(name, spec), ...args];
	const directory = `${applicationDirectory(name)}/current`;
	return [
		`ExecStart=${command.map(argument).join(" ")}`,
		...(Object.keys(threads).length === 0
			? []
			: [`ExecStartPost=-+/usr/local/sbin/metaltune threads ${name}`]),
		...optional("User", spec.user),
		...optional("Group", spec.group),
		`WorkingDirectory=${spec.workingDirectory ?? directory}`,
		...Object.entries(environment)
			.toSorted()
			.map(([key, text]) => `Environment=${value(`${key}=${text}`)}`),
		...optional("Nice", spec.nice),
		...schedulerLines(spec),
		...limitLines(spec),
		...optional("AmbientCapabilities", capabilities?.join(" ")),
		`Restart=${spec.restart ?? "on-failure"}`,
	];
}

/** The text of `metaltune-NAME.service`. */
export function unitText(name: string, spec: ApplicationSpec): string {
	return [
		`# Written by metaltune for the application ${name}.`,
		"[Unit]",
		`Description=${name}, pinned by metaltune`,
		"After=network-online.target metaltune.service",
		"Wants=network-online.target",
		"",
		"[Service]",
		...serviceLines(name, spec),
		"",
		"[Install]",
		"WantedBy=multi-user.target",
		"",
	].join("\n");
}

/** `sha256:HEX KIND EXECUTABLE`: the upload, and its role in the release. */
export function artifactText(
	name: string,
	{ binary, sha256, executable = name }: ApplicationSpec,
): string | undefined {
	if (binary === undefined) return undefined;
	const kind = isPacked(binary) ? "archive" : "file";
	return sha256 === undefined
		? `not built: ${binary}`
		: `sha256:${sha256} ${kind} ${executable}`;
}
