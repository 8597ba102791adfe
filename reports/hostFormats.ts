/**
 * The inventory as a list: hosts, their logins, and their number of settings.
 */
import type { HostSpec } from "../model/hostSpec";
import type { Renderers } from "./formats";
import { list } from "./table";

function login({ aws, connection }: HostSpec): string {
	const { user, port, become, proxy } = connection;
	const host = aws === undefined ? connection.host : `(${aws.instanceType})`;
	const via = proxy === undefined ? "" : ` via ${proxy.host}`;
	return `${user}@${host}:${port}${become ? " (sudo)" : ""}${via}`;
}

/** One line per host, in the order given. */
export function hostsText(
	specs: readonly HostSpec[],
	columns?: number,
): string {
	const head = ["host", "group", "login", "settings", "after boot", "reboot"];
	const rows = specs.map((spec) => [
		spec.name,
		spec.group,
		login(spec),
		String(spec.settings.length),
		String(spec.settings.filter(({ effect }) => effect === "reboot").length),
		spec.rollout.reboot,
	]);
	return list(head, rows, columns);
}

export const hostFormats = {
	text: hostsText,
} as const satisfies Renderers<readonly HostSpec[]>;
