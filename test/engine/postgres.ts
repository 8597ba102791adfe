/** A PostgreSQL server of a test's own, as the account packages make for it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const versions = "/usr/lib/postgresql";

/** What the server's programs refuse to run as is root. */
function asPostgres(program: string, args: readonly string[]): void {
	const [version] = readdirSync(versions);
	const path = join(versions, version ?? "", "bin", program);
	const account = process.getuid?.() === 0;
	const [first, ...rest] = account
		? ["runuser", "-u", "postgres", "--", path, ...args]
		: [path, ...args];
	execFileSync(first ?? path, rest, { cwd: "/", stdio: "ignore" });
}

/**
 * Starts an empty server on loopback.
 *
 * @returns the URL of a database, and what ends the server and its files.
 * @throws Error when PostgreSQL is not installed.
 */
export function startPostgres(port: number) {
	// Sockets' paths are short, and the account must be able to get there.
	const directory = mkdtempSync("/tmp/metaltune-pg-");
	if (process.getuid?.() === 0) {
		execFileSync("chown", ["postgres", directory]);
	}
	const data = join(directory, "data");
	const control = (...args: readonly string[]) =>
		asPostgres("pg_ctl", ["-D", data, ...args]);
	const options = `-p ${port} -k ${directory} -c listen_addresses=127.0.0.1`;
	asPostgres("initdb", ["-D", data, "-A", "trust", "-U", "metaltune"]);
	control("-w", "-o", options, "-l", join(directory, "log"), "start");
	return {
		url: `postgres://metaltune@127.0.0.1:${port}/postgres?sslmode=disable`,
		stop: () => {
			control("-m", "immediate", "stop");
			rmSync(directory, { recursive: true });
		},
	};
}
