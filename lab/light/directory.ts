/**
 * A lab's files: keys created once, the pristine tree that hosts are copied from
 * and booted to, and one directory per host. Keys, logs and PID files stay outside
 * the trees, so that a tree holds only the host's files.
 */
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "./runProgram";
import { lightPath, writeTree } from "./tree";
import { type Distribution, distributions } from "./tree/distributions";

/** Paths of a lab. */
export function labPaths(directory: string) {
	return {
		clientKey: join(directory, "client_key"),
		authorizedKeys: join(directory, "authorized_keys"),
		agentSocket: join(directory, "agent.sock"),
		agentPid: join(directory, "agent.pid"),
		hosts: join(directory, "hosts"),
		pristine: (distribution: Distribution) =>
			join(directory, `pristine-${distribution}`),
	} as const;
}

/** Paths of one host of a lab. */
export function hostPaths(directory: string, name: string) {
	const host = join(labPaths(directory).hosts, name);
	return {
		host,
		tree: join(host, "tree"),
		hostKey: join(host, "host_key"),
		config: join(host, "sshd_config"),
		pid: join(host, "sshd.pid"),
		log: join(host, "sshd.log"),
		off: join(host, "off"),
		pristine: join(host, "pristine"),
	} as const;
}

/** Names of the hosts a lab directory holds, running or not. */
export function hostNames(directory: string): readonly string[] {
	const hosts = labPaths(directory).hosts;
	return existsSync(hosts) ? readdirSync(hosts).toSorted() : [];
}

/**
 * Creates the files that all hosts share, where missing.
 *
 * @throws Error when the directory holds a lab of another distribution.
 */
export async function prepareLab(
	directory: string,
	distribution: Distribution,
): Promise<void> {
	const paths = labPaths(directory);
	const other = distributions.find(
		(each) => each !== distribution && existsSync(paths.pristine(each)),
	);
	if (other !== undefined) {
		throw new Error(
			`${directory}: expected a lab of ${distribution}, found one of ${other}; use another directory`,
		);
	}
	mkdirSync(paths.hosts, { recursive: true });
	if (!existsSync(paths.pristine(distribution))) {
		writeTree(paths.pristine(distribution), distribution);
	}
	await makeKey(paths.clientKey, "light-lab");
	copyFileSync(`${paths.clientKey}.pub`, paths.authorizedKeys);
}

/** The address sshd listens on; 127.0.0.1 by default. */
export interface Listener {
	readonly name: string;
	readonly address?: string;
	readonly port: number;
}

/**
 * Creates one host's directory, where missing, and rewrites its sshd configuration.
 * An existing host key is kept.
 */
export async function prepareHost(
	directory: string,
	distribution: Distribution,
	host: Listener,
): Promise<void> {
	const paths = hostPaths(directory, host.name);
	if (!existsSync(paths.tree)) {
		const pristine = labPaths(directory).pristine(distribution);
		mkdirSync(paths.host, { recursive: true });
		symlinkSync(pristine, paths.pristine);
		await run("cp", ["-a", "--sparse=always", pristine, paths.tree]);
	}
	await makeKey(paths.hostKey, host.name);
	writeFileSync(paths.config, sshdConfig(directory, host));
}

async function makeKey(file: string, comment: string): Promise<void> {
	if (!existsSync(file)) {
		const options = ["-q", "-t", "ed25519", "-N", "", "-C", comment];
		await run("ssh-keygen", [...options, "-f", file]);
	}
}

/** A host's public key as `TYPE BASE64`. */
export function readHostKey(directory: string, name: string): string {
	const file = `${hostPaths(directory, name).hostKey}.pub`;
	return readFileSync(file, "utf8").split(" ").slice(0, 2).join(" ");
}

function sshdConfig(directory: string, host: Listener): string {
	const paths = hostPaths(directory, host.name);
	const environment = [
		`ROOT=${paths.tree}`,
		`LIGHT_HOST=${paths.host}`,
		// Also keeps the shell from reading this machine's own start files.
		`HOME=${join(paths.tree, "root")}`,
		`PATH=${lightPath}`,
	];
	return [
		`ListenAddress ${host.address ?? "127.0.0.1"}`,
		`Port ${host.port}`,
		`HostKey ${paths.hostKey}`,
		`PidFile ${paths.pid}`,
		`AuthorizedKeysFile ${labPaths(directory).authorizedKeys}`,
		`SetEnv ${environment.map((variable) => `"${variable}"`).join(" ")}`,
		"StrictModes no",
		"UsePAM no",
		"UseDNS no",
		"PasswordAuthentication no",
		"KbdInteractiveAuthentication no",
		"PermitRootLogin prohibit-password",
		"MaxStartups 1000",
		"MaxSessions 1000",
		"PrintMotd no",
		"LogLevel VERBOSE",
		// Starts like a login, in the home directory of the tree.
		`Subsystem sftp internal-sftp -d ${join(paths.tree, "root")}`,
		"",
	].join("\n");
}
