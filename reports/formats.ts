/**
 * The formats of reports, for every command. Each report's module lists the
 * formats that it supports. A command offers those and refuses the others by
 * name.
 */

/** Every format, with its file name ending. */
export const formats = {
	text: ".txt",
	json: ".json",
	junit: ".xml",
	markdown: ".md",
	/** Annotations that GitHub's runner reads from a log; never a file. */
	github: undefined,
} as const satisfies { readonly [format: string]: string | undefined };

export type Format = keyof typeof formats;

/**
 * Makes the text of a report.
 *
 * @param columns of the terminal; absent without one, as for a file.
 */
export type Renderer<Report> = (report: Report, columns?: number) => string;

/** The formats that a report supports. */
export type Renderers<Report> = { readonly text: Renderer<Report> } & {
	readonly [F in Format]?: Renderer<Report>;
};

/**
 * The names of the formats that a report supports, in the order of `formats`.
 */
export function formatsOf(renderers: object): readonly Format[] {
	return allFormats.filter((format) => format in renderers);
}

const allFormats = Object.keys(formats) as readonly Format[];

/** The format of a file by its ending; undefined when no format has it. */
export function formatOfFile(
	path: string,
	renderers: object,
): Format | undefined {
	return formatsOf(renderers).find((format) => {
		const ending = formats[format];
		return ending !== undefined && path.endsWith(ending);
	});
}

/**
 * A report in one of its formats.
 *
 * @throws Error with the supported formats, when it does not support this one.
 */
export function rendered<Report>(
	renderers: Renderers<Report>,
	format: Format,
	report: Report,
	columns?: number,
): string {
	const render = renderers[format];
	if (render === undefined) {
		throw new Error(
			`--format: this report has no ${format}; use ${formatsOf(renderers).join(", ")}`,
		);
	}
	return render(report, columns);
}
