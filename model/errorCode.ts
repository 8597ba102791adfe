/** How a failed system call is named in problems. */

/** `ENOENT` and the like: the system's error code of a failed read. */
export function errorCode(error: unknown): string {
	return typeof error === "object" && error !== null && "code" in error
		? String(error.code)
		: String(error);
}
