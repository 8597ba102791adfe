/**
 * Shared by both kinds of lab: the machines' directories, manual logins, and the
 * inventory that describes the machines.
 */
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { hostNames, hostPaths, labPaths, readHostKey } from "./light/directory";
import { machineIn } from "./metal/metalMachine";

/** `metal` has a kernel of its own, `light` simulates one. */
export type LabKind = "metal" | "light";

/** A machine that was started in a lab's directory, running or not. */
export interface LabHost {
	readonly name: string;
	readonly kind: LabKind;
	/** On 127.0.0.1. */
	readonly port: number;
	/** `ssh-ed25519 BASE64`. */
	readonly hostKey: string;
	/** The user that Pulumi logs in as. */
	readonly user: string;
	readonly privateKeyFile: string;
	readonly running: boolean;
}

/** Paths of a lab. */
export function labDirectories(directory: string) {
	const lab = resolve(directory);
	return {
		lab,
		metal: join(lab, "metal"),
		light: join(lab, "light"),
		/** For `pulumi config set metaltune:hosts`. */
		inventory: join(lab, "hosts"),
		sshConfig: join(lab, "ssh_config"),
		knownHosts: join(lab, "known_hosts"),
	} as const;
}

function processRuns(pidFile: string): boolean {
	return (
		existsSync(pidFile) &&
		existsSync(`/proc/${readFileSync(pidFile, "utf8").trim()}`)
	);
}

function simulatedHosts(directory: string): readonly LabHost[] {
	return hostNames(directory).map((name) => {
		const paths = hostPaths(directory, name);
		const config = readFileSync(paths.config, "utf8");
		return {
			name,
			kind: "light",
			port: Number(/^Port (\d+)$/m.exec(config)?.[1]),
			hostKey: readHostKey(directory, name),
			user: userInfo().username,
			privateKeyFile: labPaths(directory).clientKey,
			running: processRuns(paths.pid),
		};
	});
}

function metalHosts(directory: string): readonly LabHost[] {
	const names = existsSync(directory) ? readdirSync(directory).toSorted() : [];
	return names.flatMap((name) => {
		const machine = machineIn(join(directory, name));
		if (machine === undefined) return [];
		const { port, hostKey, privateKeyFile } = machine;
		const running = machine.running();
		const user = "metaltune";
		return {
			name,
			kind: "metal",
			port,
			hostKey,
			user,
			privateKeyFile,
			running,
		};
	});
}

/** Every machine of a lab. */
export function labHosts(directory: string): readonly LabHost[] {
	const { metal, light } = labDirectories(directory);
	return [...metalHosts(metal), ...simulatedHosts(light)];
}

/** Text of an OpenSSH configuration with every machine by its name. */
export function sshConfigText(
	hosts: readonly LabHost[],
	knownHosts: string,
): string {
	return hosts
		.map((host) =>
			[
				`Host ${host.name}`,
				"  HostName 127.0.0.1",
				`  Port ${host.port}`,
				`  User ${host.kind === "metal" ? "root" : host.user}`,
				`  HostKeyAlias ${host.name}`,
				`  IdentityFile "${host.privateKeyFile}"`,
				"  IdentitiesOnly yes",
				`  UserKnownHostsFile "${knownHosts}"`,
				"  LogLevel ERROR",
				"",
			].join("\n"),
		)
		.join("");
}

/** A group of the inventory: machines of one kind, and their profiles. */
export function inventoryText(
	kind: LabKind,
	hosts: readonly LabHost[],
): string {
	const [first] = hosts;
	const connection = {
		user: first?.user,
		become: kind === "metal",
		privateKeyFile: first?.privateKeyFile,
	};
	const machines = hosts.map(({ name, port, hostKey }) => [
		name,
		{ address: "127.0.0.1", port, hostKey },
	]);
	return `# Written by metaltune lab; what the machines shall be is in the profile.\n${stringify(
		{
			extends: `profiles/lab-${kind}`,
			connection,
			machines: Object.fromEntries(machines),
		},
	)}`;
}

const repository = join(__dirname, "..");

// The inventory's profiles are the repository's own and the lab's; an edited lab
// profile is kept.
function writeProfiles(inventory: string, kind: LabKind): void {
	const profiles = join(inventory, "profiles");
	mkdirSync(profiles, { recursive: true });
	const common = join(profiles, "low-latency.yaml");
	if (!existsSync(common)) {
		symlinkSync(join(repository, "hosts/profiles/low-latency.yaml"), common);
	}
	const own = join(profiles, `lab-${kind}.yaml`);
	if (!existsSync(own)) {
		const text = readFileSync(join(__dirname, kind, "profile.yaml"), "utf8");
		writeFileSync(own, text);
	}
}

/** Writes the inventory and `ssh_config` for the lab's present machines. */
export function writeLabFiles(directory: string): void {
	const { inventory, sshConfig, knownHosts } = labDirectories(directory);
	const hosts = labHosts(directory);
	for (const kind of ["metal", "light"] as const) {
		const group = hosts.filter((host) => host.kind === kind);
		if (group.length > 0) {
			writeProfiles(inventory, kind);
			const file = join(inventory, `${kind}.yaml`);
			writeFileSync(file, inventoryText(kind, group));
		}
	}
	const known = hosts.map(({ name, hostKey }) => `${name} ${hostKey}\n`);
	writeFileSync(knownHosts, known.join(""));
	writeFileSync(sshConfig, sshConfigText(hosts, knownHosts));
}
