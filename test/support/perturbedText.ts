/** A file's text after one change by hand. */
import type { Fact } from "../../model/facts";
import type { Setting } from "../../model/settings";
import type { FakeHost } from "./hostRun";

/** Where what is to be changed: so that only this answer changes. */
export interface Place {
	readonly host: FakeHost;
	readonly setting: Setting;
	readonly fact: Fact;
}

/**
 * Rewrites one file of a host.
 *
 * @throws Error when that changes nothing.
 */
export function edit(
	host: FakeHost,
	path: string,
	change: (text: string) => string,
): void {
	const text = host.read(path);
	const changed = change(text);
	if (changed === text) throw new Error(`${path}: nothing was changed`);
	host.write(path, changed);
}

export function changeLines(
	text: string,
	change: (line: string, number: number) => string | undefined,
): string {
	return text
		.split("\n")
		.map((line, index) => change(line, index + 1))
		.filter((line) => line !== undefined)
		.join("\n");
}

const opposites: { readonly [word: string]: string } = {
	off: "on",
	on: "off",
	performance: "powersave",
	hpet: "tsc",
	unlimited: "64",
};

/** Another value of the same kind; of a number, a smaller one. */
export function otherValue(text: string): string {
	const opposite = opposites[text];
	if (opposite !== undefined) return opposite;
	if (/^-?\d+$/.test(text)) {
		return text === "0" ? "1" : String(BigInt(text) - 1n);
	}
	return text.replace(/\d+$/, otherValue);
}

/** What a kernel file would hold after another value was written. */
export function otherKernelText(text: string, fact: Fact): string {
	const line = text.trimEnd();
	if (line.includes("[")) {
		const words = line.replace(/[[\]]/g, "").split(" ");
		const other = words.find((word) => word !== fact.text);
		return `${words.map((word) => (word === other ? `[${word}]` : word)).join(" ")}\n`;
	}
	// A mask that is spoken of as a list.
	if (/^[0-9a-f]{4,}$/.test(line) && line !== fact.text) {
		const digit = Number.parseInt(line.slice(-1), 16) ^ 1;
		return `${line.slice(0, -1)}${digit.toString(16)}\n`;
	}
	return `${otherValue(line)}\n`;
}

/** A command line without a parameter, or with one that must not be there. */
export function otherParameters(line: string, { key, match }: Setting): string {
	if (match === "absent") return `${line} ${key}`;
	const size = /^hugepages\[(.+)\]$/.exec(key)?.[1];
	const name = size === undefined ? key : `hugepagesz=${size} hugepages`;
	return line.replace(
		new RegExp(` ${name.replaceAll(".", "\\.")}(?:=\\S*)?(?= |$)`),
		"",
	);
}

/** passwd or group after the account's aspect, which the key names, changed. */
export function otherAccount(text: string, key: string): string {
	const [kind, name, aspect, group] = key.split(".");
	return changeLines(text, (line) => {
		const fields = line.split(":");
		if (fields[0] !== (group ?? name)) return line;
		if (aspect === undefined) return undefined;
		if (group !== undefined) {
			const members = fields[3]?.split(",").filter((each) => each !== name);
			return [...fields.slice(0, 3), members?.join(",")].join(":");
		}
		const place = { gid: 2, uid: 2, system: 2, home: 5, shell: 6 }[aspect];
		if (place === undefined)
			throw new Error(`users ${kind} ${aspect}: no rule`);
		const value = place === 2 ? "4242" : "/other";
		return fields.with(place, value).join(":");
	});
}
