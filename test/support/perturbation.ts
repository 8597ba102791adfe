/**
 * Changes by hand, one key and layer at a time, derived from what a fact says
 * of its source. A tunable that reads kernel files, lines of a file or
 * metaltune's own settings needs nothing here; another command or file format
 * needs a rule.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
	changeFile,
	changeNic,
	changePackages,
	changeUnit,
} from "./perturbedState";
import {
	changeLines,
	edit,
	otherAccount,
	otherKernelText,
	otherParameters,
	otherValue,
	type Place,
} from "./perturbedText";

type Change = (place: Place) => void;

const forget: Change = ({ host, fact: { tunable, key, source } }) =>
	edit(host, source, (text) =>
		changeLines(text, (line) =>
			line.startsWith(`${tunable}\t${key}\t`) ? undefined : line,
		),
	);

const changeNumberedLine: Change = ({ host, fact }) => {
	const [path = "", number] = fact.source.split(":");
	edit(host, path, (text) =>
		changeLines(text, (line, at) =>
			at === Number(number) ? line.replace(/\S+$/, otherValue) : line,
		),
	);
};

const changeCommandLine: Change = ({ host, setting, fact }) =>
	edit(host, fact.source, (text) => otherParameters(text.trimEnd(), setting));

const changeBootEntries: Change = ({ host, setting, fact }) =>
	edit(host, fact.source, (text) =>
		changeLines(text, (line) =>
			/^\s*linux\s/.test(line) && !/ (?:single|recovery)\b/.test(line)
				? otherParameters(line, setting)
				: line,
		),
	);

const changeEveryEntry: Change = ({ host, setting }) => {
	for (const path of host.snapshot().keys()) {
		if (/^boot\/loader\/entries\/(?!.*-0-rescue\.conf$)/.test(path)) {
			edit(host, path, (text) =>
				changeLines(text, (line) =>
					line.startsWith("options ") ? otherParameters(line, setting) : line,
				),
			);
		}
	}
};

const unmount: Change = ({ host, fact: { key, source } }) =>
	edit(host, source, (text) =>
		changeLines(text, (line) =>
			line.split(" ")[1] === key.replace(/^mount\./, "") ? undefined : line,
		),
	);

const changeKernelFile: Change = ({ host, fact }) =>
	edit(host, fact.source.replace("policy*", "policy0"), (text) =>
		otherKernelText(text, fact),
	);

const changeIdleState: Change = ({ host, fact }) => {
	const states = readdirSync(join(host.root, fact.source)).toSorted();
	edit(host, `${fact.source}/${states.at(-1)}/disable`, (text) =>
		otherKernelText(text, fact),
	);
};

/** By source; the first that fits is taken. */
const rules: readonly (readonly [source: RegExp, change: Change])[] = [
	[/^\/etc\/metaltune\/settings\.tsv$/, forget],
	[/^\/.*:\d+$/, changeNumberedLine],
	[/^\/proc\/cmdline$/, changeCommandLine],
	[/^\/boot\/grub\/grub\.cfg$/, changeBootEntries],
	[/^grubby --info=ALL$/, changeEveryEntry],
	[/^\/(?:proc\/mounts|etc\/fstab)$/, unmount],
	[
		/^\/proc\/swaps$/,
		({ host, fact }) =>
			edit(host, fact.source, (text) => `${text}/swapfile file 1020 0 -2\n`),
	],
	[
		/^\/etc\/(?:passwd|group)$/,
		({ host, fact }) =>
			edit(host, fact.source, (text) => otherAccount(text, fact.key)),
	],
	[/\/cpuidle$/, changeIdleState],
	[/^\/(?:proc|sys)\//, changeKernelFile],
	[/^\/etc\//, changeFile],
	[/^ethtool$/, changeNic],
	[
		/^ip$/,
		({ host, fact }) =>
			host.remove(`sys/class/net/${fact.key.replace(/\.[^.]*$/, "")}/xdp.lab`),
	],
	[/^(?:dpkg-query|rpm -q) /, changePackages],
	[/^(?:systemctl \(.*\)|[a-z]+\.service)$/, changeUnit],
];

/** Whether there is a way to change what this fact says, and nothing else. */
export function canPerturb({ source }: Place["fact"]): boolean {
	return rules.some(([pattern]) => pattern.test(source));
}

/**
 * Changes on the host what the fact says.
 *
 * @throws Error when its source is none that a rule knows.
 */
export function perturb(place: Place): void {
	const rule = rules.find(([pattern]) => pattern.test(place.fact.source));
	if (rule === undefined) {
		throw new Error(`${place.fact.source}: expected a rule for this source`);
	}
	rule[1](place);
}
