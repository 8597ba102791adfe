/** Finds the known word that the author of a typo probably meant. */

/**
 * Number of insertions, deletions, replacements and swaps of neighbours
 * between two words (optimal string alignment).
 */
function distance(a: string, b: string): number {
	const width = b.length + 1;
	const cells: number[] = Array.from({ length: width }, (_, col) => col);
	const cell = (row: number, col: number) => cells[row * width + col] ?? 0;
	for (let row = 1; row <= a.length; row++) {
		cells.push(row);
		for (let col = 1; col < width; col++) {
			const same = a[row - 1] === b[col - 1] ? 0 : 1;
			const swapped =
				row > 1 &&
				col > 1 &&
				a[row - 1] === b[col - 2] &&
				a[row - 2] === b[col - 1]
					? cell(row - 2, col - 2) + 1
					: Number.POSITIVE_INFINITY;
			cells.push(
				Math.min(
					cell(row - 1, col) + 1,
					cell(row, col - 1) + 1,
					cell(row - 1, col - 1) + same,
					swapped,
				),
			);
		}
	}
	return cell(a.length, b.length);
}

/**
 * The known word closest to `word`, ignoring case. Undefined when none is close
 * enough: at most a third of its letters may differ, or one.
 */
export function nearest(
	word: string,
	known: readonly string[],
): string | undefined {
	// A typo never has this many letters, and the cost grows with their square.
	if (word.length > 100) return undefined;
	const close = known
		.map((name) => ({
			name,
			steps: distance(word.toLowerCase(), name.toLowerCase()),
			allowed: Math.max(1, Math.floor(name.length / 3)),
		}))
		.filter(({ steps, allowed }) => steps <= allowed)
		.toSorted((a, b) => a.steps - b.steps);
	return close[0]?.name;
}

/** `, did you mean isolcpus?`, or nothing when no known word is near. */
export function suggestion(word: string, known: readonly string[]): string {
	const meant = nearest(word, known);
	return meant === undefined ? "" : `, did you mean ${meant}?`;
}
