/**
 * The formats of reports, for every command. A report's file says which of
 * them it has; a command offers those and refuses the others by name.
 */

/** Every format, with the ending of a file that holds it. */
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
 * @param columns of the terminal; absent where there is none, as in a file.
 */
export type Renderer<Report> = (report: Report, columns?: number) => string;

/** The formats that a report has. */
export type Renderers<Report> = { readonly text: Renderer<Report> } & {
	readonly [F in Format]?: Renderer<Report>;
};

/** The names of the formats that a report has, in the order of `formats`. */
export function formatsOf(renderers: object): readonly Format[] {
	return allFormats.filter((format) => format in renderers);
}

const allFormats: readonly Format[] = [
	"text",
	"json",
	"junit",
	"markdown",
	"github",
];

/** The format of a file by its ending; undefined where no format has it. */
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
 * @throws Error with the formats that there are, when it does not have this one.
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
