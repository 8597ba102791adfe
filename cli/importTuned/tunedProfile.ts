/**
 * Reads a TuneD profile: sections of options, with the variables of
 * `[variables]` expanded. Comments, continued lines and the last one of equal
 * options are read as TuneD does (tuned.conf(5), tuned-profiles(7)).
 */

/** One option of a section; `value` has no `${variable}` that is known. */
export interface Option {
	readonly line: number;
	readonly section: string;
	/** Of TuneD: the section's `type`, or its name. */
	readonly plugin: string;
	readonly name: string;
	readonly value: string;
}

interface Line {
	readonly line: number;
	readonly section: string;
	readonly name: string;
	value: string;
}

/** The profile's options, and its lines that are none. */
interface Lines {
	readonly options: readonly Line[];
	readonly unread: readonly { readonly line: number; readonly text: string }[];
}

const isComment = (text: string) => /^\s*(?:[#;]|$)/.test(text);

function linesOf(text: string): Lines {
	const options: Line[] = [];
	const unread: { line: number; text: string }[] = [];
	let section = "";
	for (const [index, whole] of text.split(/\r?\n/).entries()) {
		if (isComment(whole)) continue;
		const content = whole.replace(/\s#.*$/, "").trimEnd();
		const header = /^\[([^\]]+)\]$/.exec(content);
		const option = /^([^=\s][^=]*?)\s*=\s*(.*)$/.exec(content);
		const last = options.at(-1);
		if (header !== null) section = header[1] ?? "";
		else if (/^\s/.test(whole) && last?.section === section) {
			last.value = `${last.value} ${content.trim()}`;
		} else if (option !== null && section !== "") {
			const [, name = "", value = ""] = option;
			options.push({ line: index + 1, section, name, value });
		} else unread.push({ line: index + 1, text: content });
	}
	return { options, unread };
}

const unquoted = (value: string) => value.replace(/^(["'])(.*)\1$/, "$2");

/** Variables may name earlier ones. A cycle stays as it is. */
function expander(options: readonly Line[]) {
	const known = new Map<string, string>();
	const expand = (text: string) =>
		text.replace(
			/\$\{([A-Za-z0-9_]+)\}/g,
			(all, name: string) => known.get(name) ?? all,
		);
	for (const { section, name, value } of options) {
		if (section === "variables" && name !== "include") {
			known.set(name, expand(unquoted(value)));
		}
	}
	return expand;
}

/** The options of a profile, and its lines that are not understood. */
export function readProfile(text: string) {
	const { options, unread } = linesOf(text);
	const expand = expander(options);
	const types = new Map(
		options
			.filter(({ name }) => name === "type")
			.map(({ section, value }) => [section, value]),
	);
	const last = new Map(
		options.map((each) => [`${each.section}\n${each.name}`, each]),
	);
	return {
		unread,
		options: [...last.values()].map(
			(each): Option => ({
				...each,
				plugin: types.get(each.section) ?? each.section,
				value: expand(unquoted(each.value)),
			}),
		),
	};
}
