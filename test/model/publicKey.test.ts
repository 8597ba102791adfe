/** Public keys as a server sends them, read without trust in their lengths. */
import {
	decodePublicKey,
	parsePublicKey,
	typeOfKey,
} from "../../model/publicKey";

/** Data of fields with a length before each. */
function data(...fields: readonly string[]): Buffer {
	return Buffer.concat(
		fields.map((field) => {
			const length = Buffer.alloc(4);
			length.writeUInt32BE(field.length);
			return Buffer.concat([length, Buffer.from(field, "latin1")]);
		}),
	);
}

const whole = data("ssh-ed25519", "number");
const base64 = whole.toString("base64");

test("a whole key has the type that its own data names", () => {
	const key = { type: "ssh-ed25519", blob: whole };
	expect(decodePublicKey(base64)).toEqual(key);
	expect(parsePublicKey(`  ssh-ed25519\t${base64} root@host\n`)).toEqual(key);
});

test.each([
	["a type without a number", data("ssh-ed25519")],
	["no field", Buffer.alloc(0)],
	["a length beyond its end", whole.subarray(0, -1)],
	["bytes after its last field", Buffer.concat([whole, Buffer.alloc(2)])],
])("%s is no key", (_, blob) => {
	expect(decodePublicKey(blob.toString("base64"))).toBeUndefined();
});

test.each([
	["another type", `ssh-rsa ${base64}`],
	["no type", base64],
	["base64 with other characters in it", `ssh-ed25519 ${base64}!`],
	["nothing", ""],
])("%s is no line of a key", (_, line) => {
	expect(parsePublicKey(line)).toBeUndefined();
});

test.each([
	["as much as there is", whole.subarray(0, 9), "ssh-e"],
	["nothing", Buffer.alloc(3), ""],
])("the type of broken data is %s", (_, blob, type) => {
	expect(typeOfKey(blob)).toBe(type);
});
