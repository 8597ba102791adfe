/**
 * What of the test VM needs no QEMU: its arguments, its cache, and
 * the files that describe a lab.
 */
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inventoryText, type LabHost, sshConfigText } from "../../lab/labs";
import { machineArguments } from "../../lab/metal/arguments";
import {
	cacheDirectory,
	contentsOf,
	forgetOthers,
	keptDirectory,
	keyOf,
} from "../../lab/metal/cache";
import { imageKey } from "../../lab/metal/image";
import { openMonitor } from "../../lab/metal/jsonSocket";
import {
	editionName,
	kernels,
	releaseNamed,
	releases,
} from "../../lab/metal/releases";

let directory: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "metal-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const plain = { accelerator: "tcg", disk: "disk", sshPort: 2200 } as const;

test("a machine that goes on differs from one that boots in its state only", () => {
	const booting = machineArguments(plain);
	const going = machineArguments({ ...plain, state: "/cache/state" });
	expect(going.slice(0, booting.length)).toEqual(booting);
	expect(going.slice(booting.length)).toEqual([
		"-incoming",
		"exec:cat '/cache/state'",
	]);
});

test("logins come from this machine only, and nothing gets out", () => {
	const networks = machineArguments(plain).filter((each) =>
		each.startsWith("user,"),
	);
	expect(networks).toHaveLength(3);
	for (const network of networks) {
		expect(network).toContain("restrict=on");
		expect(network).not.toMatch(/hostfwd=(?!tcp:127\.0\.0\.1:2200-)/);
	}
});

test("the cache is where bin/setup's is", () => {
	expect(cacheDirectory({ METALTUNE_CACHE: "/c", XDG_CACHE_HOME: "/x" })).toBe(
		"/c/metal",
	);
	expect(cacheDirectory({ XDG_CACHE_HOME: "/x" })).toBe("/x/metaltune/metal");
});

test("a key depends on every text and on where one ends", () => {
	expect(keyOf(["ab", "c"])).not.toBe(keyOf(["a", "bc"]));
	expect(keyOf(["ab", "c"])).toBe(keyOf(["ab", "c"]));
});

test("contents are those of all files, with whether they are programs", () => {
	mkdirSync(join(directory, "etc"));
	writeFileSync(join(directory, "etc/fstab"), "none\n");
	writeFileSync(join(directory, "build"), "#!/bin/sh\n", { mode: 0o755 });
	expect(contentsOf(directory)).toEqual([
		...["build", "64", "#!/bin/sh\n"],
		...["etc/fstab", "0", "none\n"],
	]);
});

test("a build that fails leaves no file under its name", async () => {
	const wanted = join(directory, "image-1");
	const make = async (unfinished: string) => {
		writeFileSync(join(unfinished, "disk"), "half");
		throw new Error("no space left");
	};
	await expect(keptDirectory(wanted, make)).rejects.toThrow("no space left");
	expect(readdirSync(directory)).toEqual([]);
});

test("an existing file is not built again", async () => {
	const wanted = join(directory, "image-1");
	let made = 0;
	const make = async () => {
		made++;
	};
	await keptDirectory(wanted, make);
	await keptDirectory(wanted, make);
	expect(made).toBe(1);
});

test("releases and kernels share neither an image nor a name", () => {
	const editions = releases.flatMap((release) =>
		kernels.map((kernel) => ({ release, kernel })),
	);
	expect(editions).toHaveLength(8);
	expect(new Set(editions.map(imageKey)).size).toBe(8);
	expect(new Set(editions.map(editionName)).size).toBe(8);
});

test("an unknown release is one sentence", () => {
	expect(releaseNamed("debian-13")).toBe("debian-13");
	expect(() => releaseNamed("trixie")).toThrow(
		'expected one of debian-11, debian-12, debian-13, debian-14, got "trixie"',
	);
});

test("old leftovers of the same purpose go, others stay", () => {
	const old = new Date(Date.now() - 7 * 86_400_000);
	const others = [
		"boot-debian-12-rt-1",
		"boot-debian-13-1",
		"image-debian-12-1",
	];
	for (const name of ["boot-debian-12-1", "boot-debian-12-2", ...others]) {
		mkdirSync(join(directory, name));
		utimesSync(join(directory, name), old, old);
	}
	mkdirSync(join(directory, "boot-debian-12-3"));
	forgetOthers(join(directory, "boot-debian-12-2"));
	expect(readdirSync(directory).toSorted()).toEqual(
		["boot-debian-12-2", "boot-debian-12-3", ...others].toSorted(),
	);
});

const host: LabHost = {
	name: "metal-1",
	kind: "metal",
	port: 2201,
	hostKey: "ssh-ed25519 AAAA",
	user: "metaltune",
	privateKeyFile: "/cache/client_key",
	running: true,
};

test("ssh understands the configuration", () => {
	const file = join(directory, "ssh_config");
	writeFileSync(file, sshConfigText([host], "/lab/known hosts"));
	const asked = spawnSync("ssh", ["-F", file, "-G", "metal-1"], {
		encoding: "utf8",
	});
	expect(asked.stdout.split("\n")).toEqual(
		expect.arrayContaining([
			"hostname 127.0.0.1",
			"port 2201",
			"user root",
			"hostkeyalias metal-1",
			"identityfile /cache/client_key",
		]),
	);
});

test("the inventory extends the profile of its kind", () => {
	expect(inventoryText("metal", [host])).toBe(
		[
			"# Written by metaltune lab; what the machines shall be is in the profile.",
			"extends: profiles/lab-metal",
			"connection:",
			"  user: metaltune",
			"  become: true",
			"  privateKeyFile: /cache/client_key",
			"machines:",
			"  metal-1:",
			"    address: 127.0.0.1",
			"    port: 2201",
			"    hostKey: ssh-ed25519 AAAA",
			"",
		].join("\n"),
	);
});

describe("the monitor", () => {
	let server: Server;
	let path: string;

	async function answering(answers: { readonly [command: string]: string }) {
		path = join(directory, "monitor.sock");
		server = createServer((socket) => {
			socket.write('{"QMP": {}}\n');
			socket.on("data", (chunk) => {
				const { execute } = JSON.parse(chunk.toString());
				const answer = answers[execute] ?? '{"return": {}}\n';
				if (answer === "") socket.end();
				else socket.write(answer);
			});
		});
		await new Promise<void>((resolve) => server.listen(path, resolve));
	}
	afterEach(() => {
		server.close();
		expect(existsSync(path)).toBe(false);
	});

	test("an event before the answer is not the answer", async () => {
		const event = '{"event": "STOP"}\n';
		await answering({ "query-status": `${event}{"return": {"a": 1}}\n` });
		const monitor = await openMonitor(path);
		expect(await monitor.call("query-status")).toEqual({ a: 1 });
		monitor.close();
	});

	test("a refusal is an error with its words", async () => {
		await answering({ stop: '{"error": {"desc": "not now"}}\n' });
		const monitor = await openMonitor(path);
		await expect(monitor.call("stop")).rejects.toThrow("not now");
		monitor.close();
	});

	test("an end without an answer is an error", async () => {
		await answering({ quit: "" });
		const monitor = await openMonitor(path);
		await expect(monitor.call("quit")).rejects.toThrow("closed");
	});
});
