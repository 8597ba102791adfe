/** Ansible and pyinfra, set up as is usual for many hosts. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../lab/light/runProgram";
import type { BenchFleet } from "../benchFleet";
import { type Measured, measure } from "../measure";
import { type RivalFile, rivalFiles } from "./rivalFiles";

const environment = join(__dirname, "../../.metaltune/rivals");

export interface Rival {
	readonly name: "Ansible" | "pyinfra";
	/** @throws Error when it does not exit 0. */
	converge(): Promise<Measured>;
	/** Reports what a converge would change, and changes nothing. */
	check(): Promise<Measured>;
}

/** Installs both, once; needs Python 3 with venv. */
export async function installRivals(): Promise<void> {
	if (existsSync(join(environment, "bin/pyinfra"))) return;
	await run("python3", ["-m", "venv", environment]);
	const requirements = join(__dirname, "requirements.txt");
	const pip = join(environment, "bin/pip");
	await run(pip, ["install", "--quiet", "--requirement", requirements]);
}

interface Place {
	readonly directory: string;
	readonly fleet: BenchFleet;
	readonly files: readonly RivalFile[];
	readonly knownHosts: string;
}

function ansibleInput({ fleet, files, knownHosts, directory }: Place): void {
	const { hosts, user } = fleet.lab;
	const lines = hosts.map(
		({ name, port, root }) =>
			`${name} ansible_host=127.0.0.1 ansible_port=${port} ansible_user=${user} root=${root}`,
	);
	const put = (name: string, text: string) =>
		writeFileSync(join(directory, name), text);
	put("inventory.ini", `${lines.join("\n")}\n`);
	put(
		"ansible.cfg",
		`[defaults]
forks = 50
gathering = explicit
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
ssh_args = -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=${knownHosts}
`,
	);
	const tasks = files.map(({ src, dest }) => ({
		name: dest,
		"ansible.builtin.copy": { src, dest: `{{ root }}${dest}`, mode: "0644" },
	}));
	// JSON is YAML.
	put("play.yml", JSON.stringify([{ hosts: "all", tasks }]));
}

function pyinfraInput({ fleet, files, knownHosts, directory }: Place): void {
	const { hosts, user } = fleet.lab;
	const data = hosts.map(({ name, port, root }) => [
		name,
		{
			ssh_hostname: "127.0.0.1",
			ssh_port: port,
			ssh_user: user,
			ssh_known_hosts_file: knownHosts,
			root,
		},
	]);
	const hostData = JSON.stringify(JSON.stringify(data));
	writeFileSync(
		join(directory, "inventory.py"),
		`import json\nhosts = [tuple(each) for each in json.loads(${hostData})]\n`,
	);
	writeFileSync(join(directory, "files.json"), JSON.stringify(files));
}

/** Prepares both on an untouched fleet. */
export function rivalsOn(options: {
	readonly directory: string;
	readonly fleet: BenchFleet;
	readonly signal: AbortSignal;
}): readonly Rival[] {
	const { fleet, signal } = options;
	const directory = join(options.directory, "rivals");
	mkdirSync(directory);
	const knownHosts = join(directory, "known_hosts");
	writeFileSync(
		knownHosts,
		fleet.lab.hosts
			.map(({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}\n`)
			.join(""),
	);
	const files = rivalFiles(directory);
	const place = { directory, fleet, files, knownHosts };
	ansibleInput(place);
	pyinfraInput(place);
	const env = {
		...process.env,
		SSH_AUTH_SOCK: fleet.lab.agentSocket,
		ANSIBLE_CONFIG: join(directory, "ansible.cfg"),
		RIVAL_FILES: join(directory, "files.json"),
	};
	const call = (program: string, ...args: readonly string[]) => {
		const path = join(environment, "bin", program);
		const script = 'exec "$0" "$@"';
		return measure({
			script,
			args: [path, ...args],
			cwd: directory,
			env,
			signal,
		});
	};
	const deploy = join(__dirname, "deploy.py");
	const play = ["-i", "inventory.ini", "play.yml"];
	return [
		{
			name: "Ansible",
			converge: () => call("ansible-playbook", ...play),
			check: () => call("ansible-playbook", "--check", ...play),
		},
		{
			name: "pyinfra",
			converge: () => call("pyinfra", "--yes", "inventory.py", deploy),
			check: () => call("pyinfra", "--dry", "inventory.py", deploy),
		},
	];
}
