/** Secrets are opened on the way in and sealed on the way out. */
import { openSecrets, sealSecrets } from "../../../observe/drift/pulumiSecrets";

const sealed = (value: unknown) => ({
	"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
	value,
});

const plain = {
	host: "h1",
	connection: {
		user: "root",
		privateKey: "KEY",
		proxy: { password: "PW", list: ["x", 0, false] },
	},
};

test("opened secrets are sealed again, at any depth", () => {
	const out = sealSecrets(plain);
	expect(out).toEqual({
		host: "h1",
		connection: {
			user: "root",
			privateKey: sealed("KEY"),
			proxy: { password: sealed("PW"), list: ["x", 0, false] },
		},
	});
	expect(openSecrets(out)).toEqual(plain);
});

test("an envelope around a whole connection is opened too", () => {
	const inside = sealSecrets(plain.connection);
	expect(openSecrets({ connection: sealed(inside) })).toEqual({
		connection: plain.connection,
	});
});

test("an export of a stack holds secrets as JSON text", () => {
	const { value: _, ...envelope } = sealed(undefined);
	const exported = { key: { ...envelope, plaintext: '"a\\nKEY"' } };
	expect(openSecrets(exported)).toEqual({ key: "a\nKEY" });
});

test("the content of files is sealed as a whole", () => {
	const contents = { a1: "key = secret\n" };
	const out = sealSecrets({
		settings: { "files./x": "sha256:a1 13" },
		contents,
	});
	expect(out).toEqual({
		settings: { "files./x": "sha256:a1 13" },
		contents: sealed(contents),
	});
	expect(openSecrets(out)).toMatchObject({ contents });
});
