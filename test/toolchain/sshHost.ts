/**
 * A real sshd on 127.0.0.1 with keys of its own, run by the user who runs the
 * tests. It accepts variables named ACCEPTED_* and no others.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "../../lab/metal/freePort";

export interface SshHost {
	readonly directory: string;
	/** Connection inputs that log in. */
	readonly connection: {
		readonly host: string;
		readonly port: number;
		readonly user: string;
		readonly privateKey: string;
		readonly hostKey: string;
		readonly dialErrorLimit: number;
		readonly perDialTimeout: number;
	};
	/** A key of the same type that is not the host's. */
	readonly otherHostKey: string;
	/** Its public keys by type; the connection's is the ed25519 one. */
	readonly hostKeys: { readonly [type: string]: string };
	stop(): Promise<void>;
}

export async function startSshHost(): Promise<SshHost> {
	const directory = mkdtempSync(join(tmpdir(), "metaltune-sshd-"));
	const [host, user, other] = ["host", "user", "other"].map((name) =>
		makeKey(join(directory, name)),
	) as [Key, Key, Key];
	const more = moreHostKeys.map(
		([type, bits]) =>
			makeKey(join(directory, `host-${type}-${bits}`), type, bits).public,
	);
	const port = await freePort();
	const config = join(directory, "sshd_config");
	writeFileSync(join(directory, "authorized_keys"), user.public);
	writeFileSync(config, sshdConfig(directory, port));
	// sshd insists on its full path, and on this directory when run as root.
	if (userInfo().uid === 0) {
		execFileSync("mkdir", ["-p", "/run/sshd"]);
	}
	const sshd = spawn(sshdPath(), ["-D", "-e", "-f", config], {
		stdio: "ignore",
	});
	const ended = new Promise<void>((resolve) => {
		sshd.once("exit", () => resolve());
	});
	await reachable(port, () => sshd.exitCode !== null);
	return {
		directory,
		connection: {
			host: "127.0.0.1",
			port,
			user: userInfo().username,
			privateKey: user.private,
			hostKey: host.public,
			dialErrorLimit: 0,
			perDialTimeout: 15,
		},
		otherHostKey: other.public,
		hostKeys: Object.fromEntries(
			[host.public, ...more].map((key) => [key.split(" ")[0], key]),
		),
		stop: async () => {
			sshd.kill();
			await ended;
			rmSync(directory, { recursive: true });
		},
	};
}

interface Key {
	readonly private: string;
	readonly public: string;
}

// What every default installation has beside ed25519, and larger curves.
const moreHostKeys = [
	["ecdsa", 256],
	["ecdsa", 384],
	["ecdsa", 521],
	["rsa", 2048],
] as const;

function makeKey(path: string, type = "ed25519", bits = 256): Key {
	const size = ["-t", type, "-b", String(bits)];
	execFileSync("ssh-keygen", ["-q", ...size, "-N", "", "-f", path]);
	return {
		private: readFileSync(path, "utf8"),
		public: readFileSync(`${path}.pub`, "utf8"),
	};
}

function sshdConfig(directory: string, port: number): string {
	return [
		`Port ${port}`,
		"ListenAddress 127.0.0.1",
		`HostKey ${directory}/host`,
		...moreHostKeys.map(
			([type, bits]) => `HostKey ${directory}/host-${type}-${bits}`,
		),
		`AuthorizedKeysFile ${directory}/authorized_keys`,
		"PidFile none",
		"StrictModes no",
		"UsePAM no",
		"PasswordAuthentication no",
		"AcceptEnv ACCEPTED_*",
		"Subsystem sftp internal-sftp",
		"",
	].join("\n");
}

function sshdPath(): string {
	return execFileSync(
		"sh",
		["-c", "PATH=$PATH:/usr/sbin:/usr/local/sbin; command -v sshd"],
		{ encoding: "utf8" },
	).trim();
}

async function reachable(port: number, gone: () => boolean): Promise<void> {
	while (!(await answers(port))) {
		if (gone()) {
			throw new Error(
				"sshd ended before it listened; is openssh-server whole?",
			);
		}
	}
}

function answers(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.once("data", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(false));
	});
}
