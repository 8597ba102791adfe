/** `command:remote:CopyToRemote` against a real sshd. */
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { copyToRemote } from "../../toolchain/commandProvider/copyToRemote";
import { recordedLog } from "./recordedLog";
import { type SshHost, startSshHost } from "./sshHost";

const signature = "4dabf18193072939515e22adb298388d";
const asset = { [signature]: "c44067f5952c0a294b673a41bacd8c17" };
const archive = { [signature]: "0def7320c3a5731c473e5ecbe6d01bc7" };

let host: SshHost;
let to: string;
let from: string;

beforeAll(async () => {
	host = await startSshHost();
});

afterAll(() => host.stop());

beforeEach(() => {
	to = mkdtempSync(join(host.directory, "to-"));
	from = mkdtempSync(join(host.directory, "from-"));
	mkdirSync(join(from, "app/conf"), { recursive: true });
	writeFileSync(join(from, "app/run"), "binary");
	writeFileSync(join(from, "app/conf/a"), "A");
});

function copy(source: object, remotePath: string) {
	const { connection } = host;
	return copyToRemote.create({ connection, source, remotePath }, recordedLog());
}

function copied(path: string): string {
	return readFileSync(join(to, path), "utf8");
}

test("a text asset makes its file and the directories above", async () => {
	await copy({ ...asset, text: "hello" }, join(to, "a/b/c"));
	expect(copied("a/b/c")).toBe("hello");
	await copy({ ...asset, text: "" }, join(to, "a/b/c"));
	expect(copied("a/b/c")).toBe("");
});

test("a text asset has no name for a directory", async () => {
	await expect(copy({ ...asset, text: "x" }, to)).rejects.toThrow(
		`${to}: expected the path of a file for a text asset, found a directory`,
	);
});

test("a file goes to the path, or into the directory there", async () => {
	const path = join(from, "app/run");
	await copy({ ...asset, path }, join(to, "renamed"));
	await copy({ ...asset, path }, to);
	expect(copied("renamed")).toBe("binary");
	expect(copied("run")).toBe("binary");
	expect(statSync(join(to, "run")).mode & 0o111).toBe(0);
});

test("a directory goes into the path, with a slash only its content", async () => {
	await copy({ ...archive, path: join(from, "app") }, join(to, "x"));
	expect(copied("x/app/conf/a")).toBe("A");
	await copy({ ...archive, path: `${join(from, "app")}/` }, join(to, "y"));
	expect(readdirSync(join(to, "y")).toSorted()).toEqual(["conf", "run"]);
});

test("a directory does not replace a file", async () => {
	writeFileSync(join(to, "file"), "");
	await expect(
		copy({ ...archive, path: from }, join(to, "file")),
	).rejects.toThrow(`${to}/file: expected a directory, found a file`);
});

test("an asset archive is laid out by its names", async () => {
	const assets = {
		"one.txt": { ...asset, text: "1" },
		"deep/two": { ...asset, path: join(from, "app/run") },
		more: { ...archive, assets: { three: { ...asset, text: "3" } } },
	};
	await copy({ ...archive, assets }, join(to, "set"));
	expect(copied("set/one.txt")).toBe("1");
	expect(copied("set/deep/two")).toBe("binary");
	expect(copied("set/more/three")).toBe("3");
});

test("an update copies where content or path changed, and else nothing", async () => {
	const { connection } = host;
	const remotePath = join(to, "f");
	const olds = {
		connection,
		remotePath,
		source: { ...asset, text: "1", hash: "h1" },
	};
	const log = recordedLog();
	await copyToRemote.update(olds, { ...olds, triggers: ["x"] }, log);
	expect(readdirSync(to)).toEqual([]);
	const source = { ...asset, text: "2", hash: "h2" };
	await copyToRemote.update(olds, { ...olds, source }, log);
	expect(copied("f")).toBe("2");
	await copyToRemote.update(olds, { ...olds, remotePath: `${to}/g` }, log);
	expect(copied("g")).toBe("1");
});
