/** Check and diff: what counts as a change, and what stays secret. */
import { parseAuthorizedKey } from "../../toolchain/commandProvider/authorizedKey";
import { provider } from "../../toolchain/commandProvider/provider";
import { secret } from "../../toolchain/commandProvider/secrets";

const signature = "4dabf18193072939515e22adb298388d";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const remote = "urn:pulumi:dev::p::a:b:C$command:remote:Command::name::x";
const copy = "urn:pulumi:dev::p::command:remote:CopyToRemote::name";

const olds = {
	connection: secret({ host: "h", port: 22 }),
	create: "true",
	stdout: "printed",
	stderr: "",
};
const { stdout: _out, stderr: _err, ...news } = olds;

function diff(changes: object, urn = remote) {
	return provider.diff?.("id", urn, olds, { ...news, ...changes });
}

test("the same inputs are no change, whatever was printed", async () => {
	await expect(diff({})).resolves.toEqual({ changes: false, replaces: [] });
});

test.each([
	["the command", { create: "false" }],
	["only delete", { delete: "true" }],
	["stdin, which became secret", { stdin: secret("x") }],
	["the connection", { connection: secret({ host: "h", port: 23 }) }],
	["a value not known yet", { create: unknown }],
	["an emptied text", { create: "" }],
])("a change of %s is an update", async (_what, changes) => {
	await expect(diff(changes)).resolves.toEqual({
		changes: true,
		replaces: [],
	});
});

test("a change of triggers replaces", async () => {
	await expect(diff({ triggers: [] })).resolves.toEqual({
		changes: true,
		replaces: ["triggers"],
	});
});

test("assets are compared by content", async () => {
	const asset = (path: string, hash: string) => ({
		...news,
		remotePath: "/x",
		source: { [signature]: "c44067f5952c0a294b673a41bacd8c17", path, hash },
	});
	const changes = async (path: string, hash: string) =>
		(await provider.diff?.("id", copy, asset("a", "1"), asset(path, hash)))
			?.changes;
	await expect(changes("b", "1")).resolves.toBe(false);
	await expect(changes("a", "2")).resolves.toBe(true);
});

test("a connection is completed and becomes secret", async () => {
	const checked = await provider.check?.(
		remote,
		{},
		{
			connection: { host: "h", proxy: { host: "p", port: 2222 } },
		},
	);
	const defaults = {
		user: "root",
		port: 22,
		dialErrorLimit: 10,
		perDialTimeout: 15,
	};
	expect(checked).toEqual({
		failures: [],
		inputs: {
			connection: secret({
				...defaults,
				host: "h",
				proxy: { ...defaults, host: "p", port: 2222 },
			}),
		},
	});
});

test("a missing input, or one of another type, is named with its path", async () => {
	const checked = await provider.check?.(
		copy,
		{},
		{
			connection: { proxy: { host: 5 } },
			remotePath: secret("/x"),
		},
	);
	expect(checked?.failures?.map(({ property }) => property)).toEqual([
		"source",
		"connection.host",
		"connection.proxy.host",
	]);
});

test("values not known yet pass the check", async () => {
	const checked = await provider.check?.(
		copy,
		{},
		{
			connection: unknown,
			source: unknown,
			remotePath: unknown,
		},
	);
	expect(checked?.failures).toEqual([]);
});

test("a resource that the stand-in lacks is refused by name", async () => {
	const urn = "urn:pulumi:dev::p::command:remote:CopyFile::x";
	await expect(provider.check?.(urn, {}, {})).rejects.toThrow(
		"command:remote:CopyFile: expected one of command:local:Command,",
	);
});

test("secret inputs come back secret", async () => {
	const urn = "urn:pulumi:dev::p::command:local:Command::mine";
	const inputs = { create: "cat", stdin: secret("s"), logging: "none" };
	const created = await provider.create?.(urn, inputs);
	expect(created?.outs).toEqual({ ...inputs, stdout: "s", stderr: "" });
	expect(created?.id).toMatch(/^mine[0-9a-f]{8}$/);
});

describe("host keys", () => {
	const blob =
		"AAAAC3NzaC1lZDI1NTE5AAAAIJdZ3Yn1c1ySX2Tn3y4d3XjL2nBS8gIv3P6zK0T1qk9x";

	test.each([
		["a plain key", `ssh-ed25519 ${blob}`],
		["a comment behind it", `ssh-ed25519 ${blob} root@host\n`],
		["options before it", `no-pty,command="a b" ssh-ed25519 ${blob}`],
		["lines before it", `# mine\n\n  ssh-ed25519 ${blob}`],
	])("%s is read", (_what, text) => {
		expect(parseAuthorizedKey(text)).toEqual({
			type: "ssh-ed25519",
			blob: Buffer.from(blob, "base64"),
		});
	});

	test.each(["", "ssh-ed25519", `ssh-rsa ${blob}`, "SHA256:abc"])(
		"%j is refused",
		(text) => {
			expect(() => parseAuthorizedKey(text)).toThrow(
				'hostKey: expected a line "TYPE BASE64", got ',
			);
		},
	);
});
