/**
 * The awk programs of the host program. Each is a file NAME.awk beside the shell
 * file that runs it, and a shell variable in the assembled program. So awk code
 * never stands inside the quotes of shell code.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The directory that every path of a source is relative to. */
export const sourceRoot = join(__dirname, "..");

/** A file of the host program, by its path below `sourceRoot`. */
export interface Source {
	readonly path: string;
	readonly text: string;
}

/** Functions that every other awk program can call. */
export const sharedAwk = "host/lib/lib.awk";

/** Every file of functions; the second reads kernel command lines. */
export const sharedAwks = [sharedAwk, "host/lib/command_line.awk"] as const;

/**
 * The shell variable that holds an awk program: `AWK_sysctl_boot` for
 * tunables/sysctl/boot.awk, `AWK_applications_x` for applications/host/x.awk, and
 * `AWK_x` for x.awk in a directory of host/.
 */
export function awkVariable(path: string): string {
	const [top, owner] = dirname(path).split("/");
	const name = basename(path, ".awk");
	if (top === "tunables") return `AWK_${owner}_${name}`;
	return top === "applications" ? `AWK_applications_${name}` : `AWK_${name}`;
}

/** A source without its comment lines and blank lines. */
export function withoutComments(source: string): string {
	const lines = source.split("\n");
	const code = lines.filter((line) => !/^[ \t]*(#|$)/.test(line));
	return code.map((line) => `${line}\n`).join("");
}

/** What the variable of an awk program holds. */
export function awkText({ text }: Source): string {
	return `\n${withoutComments(text)}`;
}

/**
 * The shell line that sets the variable of an awk program.
 *
 * @throws Error when its text contains a quote that ends the shell string, or when
 *   its name is no shell name.
 */
export function awkAssignment(source: Source): string {
	const { path, text } = source;
	const quote = text.split("\n").findIndex((line) => line.includes("'"));
	if (quote >= 0) {
		throw new Error(
			`${path}:${quote + 1}: an awk program must not contain a single quote, which ends the shell's text; write \\047`,
		);
	}
	const name = awkVariable(path);
	if (!/^[A-Za-z0-9_]+$/.test(name)) {
		throw new Error(
			`${path}: the name of an awk program must be letters, digits and underscores; rename the file`,
		);
	}
	return `${name}='${awkText(source)}'\n`;
}

/** The awk programs of a directory below `sourceRoot`, in order of their names. */
export function awkSources(directory: string): readonly Source[] {
	return readdirSync(join(sourceRoot, directory))
		.filter((name) => name.endsWith(".awk"))
		.sort()
		.map((name) => readSource(`${directory}/${name}`));
}

/** Reads a file below `sourceRoot`. */
export function readSource(path: string): Source {
	return { path, text: readFileSync(join(sourceRoot, path), "utf8") };
}
