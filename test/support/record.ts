/** The host program's records, for tests that write what another version would. */
import { createHash } from "node:crypto";

const closingLine = /end\t.*\n$/;

/** Whole lines with the closing line that the host program verifies. */
export function sealed(lines: string): string {
	const count = lines.split("\n").length - 1;
	const open = `${lines}end\t${count}\t`;
	return `${open}${createHash("sha256").update(open).digest("hex")}\n`;
}

/** The lines of a record without its closing line. */
export function unsealed(record: string): string {
	return record.replace(closingLine, "");
}
