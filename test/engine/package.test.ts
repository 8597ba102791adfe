/**
 * The npm package in an empty directory, as a user has it: installed from the
 * packed archive alone, a new project, and a host's whole life. Nothing of the
 * checkout is used but the engine, the command plugin and the simulated host.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { commandPlugin } from "../support/commandPlugin";
import { diffTrees } from "../support/tree";
import { type Fleet, startFleet } from "./hosts";

const checkout = join(__dirname, "../..");
const toolEnvironment = join(checkout, ".metaltune/env");

let fleet: Fleet;
let directory: string;
let project: string;

/** Runs a command in the project. */
function run(...command: readonly string[]) {
	const script = '. "$0"; PATH=$PATH:$PLUGIN; exec "$@"';
	const { status, stdout, stderr } = spawnSync(
		"sh",
		["-c", script, toolEnvironment, ...command],
		{
			cwd: project,
			encoding: "utf8",
			env: {
				...process.env,
				PLUGIN: dirname(commandPlugin()),
				PULUMI_BACKEND_URL: `file://${directory}/state`,
				PULUMI_CONFIG_PASSPHRASE: "test",
				PULUMI_STACK: "dev",
				SSH_AUTH_SOCK: fleet.agentSocket,
				NO_COLOR: "1",
			},
		},
	);
	return { code: status, text: stdout + stderr };
}

const done = (...command: readonly string[]) => {
	const ended = run(...command);
	if (ended.code !== 0) {
		throw new Error(`${command.join(" ")}: exit ${ended.code}: ${ended.text}`);
	}
	return ended.text;
};

// What the simulated host is.
const nodes = [0, 1]
	.map(
		(node) =>
			`{ cpus: "${node * 4}-${node * 4 + 3},${node * 4 + 8}-${node * 4 + 11}", memoryGiB: 64 }`,
	)
	.join("\n    - ");

/** The new project's example machine becomes the simulated host. */
function editAddress(): void {
	const path = join(project, "hosts/tuned.yaml");
	const [host] = fleet.hosts;
	const text = readFileSync(path, "utf8")
		.replace("user: root", `user: ${fleet.user}\n  become: true`)
		.replace(
			"address: 192.0.2.11",
			`address: 127.0.0.1\n    port: ${host?.port}`,
		)
		.replace(/hostKey: ssh-ed25519 .*/, `hostKey: ${host?.hostKey}`)
		.replace(/\{ cpus: .*/, nodes);
	writeFileSync(path, text);
}

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "metaltune-package-"));
	fleet = await startFleet(directory, { count: 1 });
	project = join(directory, "project");
	for (const name of ["project", "state"]) mkdirSync(join(directory, name));
	execFileSync("npm", ["run", "--silent", "package", "--", directory], {
		cwd: checkout,
	});
}, 600_000);
afterAll(async () => {
	await fleet?.stop();
	if (directory) rmSync(directory, { recursive: true, force: true });
});

test("a host's whole life, from the packed archive only", () => {
	const [host] = fleet.hosts;
	if (host === undefined) throw new Error("expected a simulated host");
	const before = host.tree();
	const version = JSON.parse(
		readFileSync(join(checkout, "package.json"), "utf8"),
	).version;
	const archive = join(directory, `metaltune-${version}.tgz`);
	const quiet = ["--no-audit", "--no-fund", "--prefer-offline"];
	done("npm", "install", ...quiet, archive);
	expect(done("npx", "metaltune", "init")).toContain("Next:");
	done("npm", "install", ...quiet);
	editAddress();
	done("npx", "metaltune", "validate");
	done("pulumi", "stack", "init", "dev", "--no-select");
	const preview = done(
		...["pulumi", "preview", "--non-interactive"],
		...["--policy-pack", "node_modules/metaltune/policies"],
		...["--policy-pack-config", "policies.json"],
	);
	expect(preview).toContain("metaltune");
	done("pulumi", "up", "--yes", "--skip-preview", "--non-interactive");
	expect(host.read("proc/sys/vm/swappiness")).toBe("10");
	expect(done("npx", "metaltune", "drift")).toContain("1 clean");
	writeFileSync(join(host.root, "proc/sys/vm/swappiness"), "60\n");
	const drift = run("npx", "metaltune", "drift");
	expect(drift.code).toBe(2);
	expect(drift.text).toContain("vm.swappiness");
	done("pulumi", "destroy", "--yes", "--skip-preview", "--non-interactive");
	expect(diffTrees(before, host.tree())).toEqual([]);
}, 600_000);
