/** How a failed system call is named in problems. */

/** `ENOENT` and the like: what the system said to a failed read. */
export function errorCode(error: unknown): string {
	return typeof error === "object" && error !== null && "code" in error
		? String(error.code)
		: String(error);
}
