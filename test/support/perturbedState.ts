/** Changes by hand to what the light lab's commands keep their state in. */
import {
	chmodSync,
	chownSync,
	existsSync,
	lstatSync,
	symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { changeLines, edit, otherValue, type Place } from "./perturbedText";

/** ethtool: the text below the interface that holds the key. */
export function changeNic({ host, fact }: Place): void {
	const parts = fact.key.split(".");
	const [name = "", group = ""] = [parts.at(-1), parts.at(-2)];
	const nic = parts.slice(0, -2).join(".");
	const file = {
		channels: "l",
		rings: "g",
		coalescing: "c",
		offloads: "k",
		privateFlags: "p",
		flowHash: `n.${name}`,
	}[group];
	if (file === undefined) throw new Error(`ethtool ${group}: no rule`);
	edit(host, `sys/class/net/${nic}/ethtool.lab/${file}`, (text) => {
		if (group === "flowHash") return `${text.split("\n")[0]}\nNone\n`;
		return changedNicText(text, name);
	});
}

/** The last value that stands behind a name: the first one is a maximum. */
function changedNicText(text: string, name: string): string {
	const label =
		{
			adaptiveRx: "Adaptive RX",
			gro: "generic-receive-offload",
			gso: "generic-segmentation-offload",
			ntuple: "ntuple-filters",
		}[name] ?? name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
	const lines = text.split("\n");
	const at = lines.findLastIndex((line) =>
		line
			.trim()
			.replace(/\s+:/, ":")
			.toLowerCase()
			.startsWith(`${label.toLowerCase()}:`),
	);
	const line = lines[at];
	if (line === undefined) throw new Error(`ethtool ${name}: no such line`);
	const changed = line.replace(/: *\t*(\S+)/, (found, value: string) =>
		found.replace(value, otherValue(value)),
	);
	return lines.with(at, changed).join("\n");
}

/** dpkg or rpm: the package is not there. */
export function changePackages({ host, fact }: Place): void {
	const name = fact.source.split(" ").at(-1);
	const manager = fact.source.startsWith("rpm ") ? "rpm" : "dpkg";
	edit(host, `var/lib/${manager}/packages.lab`, (text) =>
		changeLines(text, (line) =>
			line.split(" ")[0] === name ? undefined : line,
		),
	);
}

/** systemd: running or not, or the link that says what the next boot does. */
export function changeUnit({ host, fact }: Place): void {
	const unit = fact.source.endsWith(".service")
		? fact.source
		: `${fact.key.replace(/\.[a-z]+$/, "")}.service`;
	if (fact.layer === "live") {
		const active = `.lab/active/${unit}`;
		if (existsSync(join(host.root, active))) host.remove(active);
		else host.write(active, "");
		return;
	}
	const units = "etc/systemd/system";
	const links = [
		`${units}/${unit}`,
		`${units}/multi-user.target.wants/${unit}`,
	];
	const link = links.find((path) =>
		lstatSync(join(host.root, path), {
			throwIfNoEntry: false,
		})?.isSymbolicLink(),
	);
	if (link !== undefined) host.remove(link);
	else symlinkSync(`../${unit}`, join(host.root, links[1] ?? ""));
}

/** A file of `files`: its content, or the aspect that the key names. */
export function changeFile({ host, fact }: Place): void {
	const path = join(host.root, fact.source);
	const { uid, gid } = lstatSync(path);
	switch (fact.key.split(":")[1]) {
		case undefined:
			edit(host, fact.source, (text) => `${text}# by hand\n`);
			break;
		case "mode":
			chmodSync(path, 0o604);
			break;
		case "owner":
			chownSync(path, 4242, gid);
			break;
		case "group":
			chownSync(path, uid, 4242);
			break;
		default:
			throw new Error(`files ${fact.key}: no rule`);
	}
}
