/**
 * Decodes how a host is reached.
 */
import { isIP } from "node:net";
import type { Access, Connection } from "../../model/hostSpec";
import { withoutKeys } from "../../model/printable";
import { quoted } from "../../model/problem";
import { type Decoder, type Infer, map, object } from "../decode/decoder";
import { agentKey, hostKey } from "../decode/publicKeys";
import { boolean, integer, scalarText, text } from "../decode/scalars";
import { timeoutsSection } from "./timeouts";

/** RFC 1123 labels joined by dots, at most 253 characters. */
function labels(letters: string): RegExp {
	const label = `[${letters}0-9](?:[${letters}0-9-]{0,61}[${letters}0-9])?`;
	return new RegExp(`^(?=.{1,253}$)(?:${label}\\.)*${label}$`);
}

/**
 * The name of a machine in the inventory; lower case, so that it has one
 * spelling.
 */
export const hostName = text({
	description: "Name of the machine: a host name in lower case.",
	pattern: labels("a-z"),
	expected: "a host name of lower-case letters, digits and hyphens",
});

const addressForm = "a host name, an IPv4 or an IPv6 address";

/** Where a machine listens. */
export const address = map(
	text({
		description: `Of the machine: ${addressForm}.`,
		expected: addressForm,
	}),
	(value, fail) => {
		// A last label of only digits is a mistyped IPv4 address, never a name.
		const isName = labels("A-Za-z").test(value) && !/(?:^|\.)\d+$/.test(value);
		return isIP(value) !== 0 || isName
			? value
			: fail(`expected ${addressForm}, got ${quoted(value)}`);
	},
);

export const port = integer({
	description: "TCP port of the SSH server.",
	min: 1,
	max: 65535,
});

const user = text({
	description: "User to log in as; root when absent.",
	pattern: /^[A-Za-z_][A-Za-z0-9_.@-]{0,63}$/,
	expected: "a user name",
});

/** Its problem never quotes the value, which may be the secret itself. */
function secretName(description: string): Decoder<string> {
	const pattern = "^(?:[A-Za-z][A-Za-z0-9_-]*:)?[A-Za-z][A-Za-z0-9_.-]{0,99}$";
	const name = map(scalarText(description), (value, fail) =>
		new RegExp(pattern).test(value)
			? value
			: fail(
					"expected the name of a Pulumi config secret, got something else; set the secret with `pulumi config set --secret NAME` and write NAME here",
				),
	);
	return { ...name, schema: { type: "string", description, pattern } };
}

const authentication = {
	agentKey,
	privateKeyFile: map(
		text({
			description:
				"Private key on the machine that connects; without one the SSH agent is asked.",
			pattern: /^.+$/,
			expected:
				"the path of a private key; a key itself belongs into a Pulumi config secret, see `privateKeySecret`",
		}),
		(path, fail) =>
			withoutKeys(path) === path
				? path
				: fail(
						"expected the path of a private key, got a private key itself; take it out of the repository, set it with `pulumi config set --secret NAME` and write `privateKeySecret: NAME`",
					),
	),
	privateKeySecret: secretName(
		"Name of the Pulumi config secret that holds the private key.",
	),
	passwordSecret: secretName(
		"Name of the Pulumi config secret that holds the password.",
	),
};

type Authentication = {
	readonly [K in keyof typeof authentication]?: string;
};

function oneAuthentication<T extends Authentication>(
	decoder: Decoder<T>,
): Decoder<T> {
	const ways = [
		"agentKey",
		"privateKeyFile",
		"privateKeySecret",
		"passwordSecret",
	] as const;
	return map(decoder, (value, fail) => {
		const used = ways.filter((way) => value[way] !== undefined);
		return used.length <= 1
			? value
			: fail(
					`expected at most one of ${ways.join(", ")}, got ${used.join(" and ")}; null removes an inherited one`,
				);
	});
}

const proxy = oneAuthentication(
	object(
		{
			required: { host: address, hostKey },
			optional: { port, user, ...authentication },
		},
		"The one host through which the connection goes.",
	),
);

/** `connection` of a group, or of a machine with the group's merged in. */
export const connectionSection = oneAuthentication(
	object(
		{
			optional: {
				user,
				port,
				become: boolean(
					"Run commands under `sudo -n`; when absent, unless the user is root.",
				),
				...authentication,
				proxy,
				timeouts: timeoutsSection,
			},
		},
		"How the machines are reached; a machine may override each key.",
	),
);

/**
 * How to log in, with every default filled in.
 *
 * @param ports may hold one that overrides the section's.
 */
export function accessOf(
	ports: { readonly port?: number },
	section: Infer<typeof connectionSection>,
): Access {
	const { proxy: hop, ...rest } = section;
	const login = rest.user ?? "root";
	return {
		...rest,
		port: ports.port ?? rest.port ?? 22,
		user: login,
		become: rest.become ?? login !== "root",
		...(hop === undefined
			? {}
			: { proxy: { ...hop, port: hop.port ?? 22, user: hop.user ?? "root" } }),
	};
}

/** A connection with every default filled in. */
export function connectionOf(
	machine: {
		readonly address: string;
		readonly hostKey: string;
		readonly port?: number;
	},
	section: Infer<typeof connectionSection>,
): Connection {
	const { address: host, hostKey: key } = machine;
	return { ...accessOf(machine, section), host, hostKey: key };
}
