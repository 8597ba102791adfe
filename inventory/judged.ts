/**
 * A host's description for policies and for state. It leaves out the content of
 * files, which may be secret, and the settings, which follow from the rest.
 */

import type { HostSpec } from "../model/hostSpec";
import { isFields } from "../model/plainData";
import { contentValue } from "./decode/fileContent";

/** A file with hash and size in place of its content. */
function withoutContent<File>(file: File): File {
	return isFields(file) && typeof file.content === "string"
		? { ...file, content: contentValue(file.content) }
		: file;
}

function withoutContents(files: unknown): unknown {
	return isFields(files)
		? Object.fromEntries(
				Object.entries(files).map(([path, file]) => [
					path,
					withoutContent(file),
				]),
			)
		: files;
}

export function judged({ settings: _, ...spec }: HostSpec) {
	const { tuning, applications } = spec;
	return {
		...spec,
		tuning: {
			...tuning,
			...("files" in tuning ? { files: withoutContents(tuning.files) } : {}),
		},
		applications: Object.fromEntries(
			Object.entries(applications).map(([name, application]) => [
				name,
				application.files === undefined
					? application
					: {
							...application,
							files: application.files.map(withoutContent),
						},
			]),
		),
	};
}
