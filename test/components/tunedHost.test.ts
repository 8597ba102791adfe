/** The wiring of a host's resources, with Pulumi's engine mocked. */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { HostSpec, MachineSpec } from "../../model/hostSpec";

interface Made {
	readonly type: string;
	readonly name: string;
	readonly inputs: { readonly [name: string]: unknown };
}

const secretKey = "4dabf18193072939515e22adb298388d";
const made: Made[] = [];

function spec(change: Partial<MachineSpec> = {}): MachineSpec {
	return {
		name: "h1",
		group: "lab",
		connection: {
			host: "192.0.2.1",
			port: 22,
			user: "root",
			hostKey: "ssh-ed25519 AAAA",
			become: false,
		},
		applications: {},
		tuning: { sysctl: { "vm.swappiness": 0 } },
		rollout: {
			reboot: "manual",
			rebootTimeoutSeconds: 600,
			rollbackSeconds: 90,
			onDestroy: "revert",
		},
		settings: [
			{
				tunable: "sysctl",
				key: "vm.swappiness",
				match: "exact",
				value: "0",
				effect: "live",
			},
		],
		...change,
	};
}

async function deploy(specs: readonly HostSpec[]) {
	const { Fleet } = await import("../../components/fleet");
	const fleet = new Fleet("fleet", specs);
	const status = await new Promise((resolve) => fleet.status.apply(resolve));
	return { status, made: [...made] };
}

function inputsOf(all: readonly Made[], type: string) {
	const found = all.find((resource) => resource.type === type);
	if (found === undefined) {
		throw new Error(`expected a ${type}`);
	}
	return found.inputs;
}

beforeEach(async () => {
	made.length = 0;
	process.env.PULUMI_CONFIG = JSON.stringify({ "project:hostPassword": "pw" });
	await pulumi.runtime.setMocks(
		{
			newResource({ type, name, inputs }) {
				made.push({ type, name, inputs });
				const state = { ...inputs };
				if (type === "metaltune:index:HostState") {
					Object.assign(state, { applyRevision: 3, readyRevision: 7 });
				}
				if (type === "metaltune:index:HostReady") {
					Object.assign(state, {
						bootId: "b",
						verdicts: { ok: 1 },
						pendingReboot: [],
						unsupported: {},
					});
				}
				return { id: `${name}-id`, state };
			},
			call: () => ({}),
		},
		"project",
		"stack",
		false,
	);
	pulumi.runtime.setAllConfig({ "project:hostPassword": "pw" });
});

test("observes, then applies, then verifies", async () => {
	const { made: all, status } = await deploy([spec()]);
	expect(all.map((resource) => resource.type)).toEqual([
		"metaltune:index:Fleet",
		"metaltune:index:TunedHost",
		"metaltune:index:HostState",
		"command:remote:Command",
		"metaltune:index:HostReady",
	]);
	expect(inputsOf(all, "metaltune:index:HostReady").readyRevision).toBe(7);
	expect(status).toEqual({
		h1: {
			bootId: "b",
			verdicts: { ok: 1 },
			pendingReboot: [],
			unsupported: {},
		},
	});
});

test("the command runs again by its input alone, and only pinned", async () => {
	const { made: all } = await deploy([spec()]);
	const command = inputsOf(all, "command:remote:Command");
	// What `want` left on the host, by its hash.
	expect(command.stdin).toBe(
		"# revision 3\nwanted\tb5bdb69abf6921b08fccacd44e8be3cb2032e6a08a2b0f85d79b52df2ad66b3b\n",
	);
	expect(command.triggers).toBeUndefined();
	expect(command.addPreviousOutputInEnv).toBe(false);
	expect(command.create).not.toContain("swappiness");
	expect(command.delete).toBeUndefined();
	expect(JSON.stringify(command.connection)).toContain("ssh-ed25519 AAAA");
});

test("the component's inputs are what policies judge", async () => {
	const { made: all } = await deploy([spec()]);
	const { settings: _, ...judged } = spec();
	expect(inputsOf(all, "metaltune:index:TunedHost")).toEqual(judged);
});

describe("applications", () => {
	const sha256 = "0".repeat(64);
	const applications = {
		fx: { binary: __filename, sha256 },
		packaged: { path: "/usr/bin/true" },
	};

	test("come last: an upload where there is a binary, and one command", async () => {
		const { made: all } = await deploy([spec({ applications })]);
		expect(all.slice(-3).map(({ type, name }) => `${type} ${name}`)).toEqual([
			"metaltune:index:HostReady h1",
			"command:remote:CopyToRemote h1-fx",
			"command:remote:Command h1-deploy",
		]);
		const upload = inputsOf(all, "command:remote:CopyToRemote");
		// Relative, so that the login owns it; again on a new machine only.
		expect(upload.remotePath).toBe(`.metaltune-fx-${sha256}`);
		expect(upload.triggers).toEqual(["ssh-ed25519 AAAA"]);
		const command = all.at(-1)?.inputs;
		expect(command?.stdin).toMatch(/^# revision 3\nwanted\t[0-9a-f]{64}\n$/);
		expect(command?.create).toContain("deploy --quiet");
		expect(command?.delete).toBeUndefined();
		expect(command?.triggers).toBeUndefined();
	});

	test.each([
		[undefined, "--limit=960 deploy --quiet"],
		[{ deploySeconds: 7200 }, "--limit=7200 deploy --quiet"],
	])("are deployed within %j", async (timeouts, expected) => {
		const connection = {
			...spec().connection,
			...(timeouts === undefined ? {} : { timeouts }),
		};
		const { made: all } = await deploy([
			spec({ connection, applications: { fx: { path: "/usr/bin/fx" } } }),
		]);
		expect(all.at(-1)?.inputs.create).toContain(expected);
	});

	test("that are not built are refused, all at once", async () => {
		const unbuilt = { a: { binary: "x/a" }, b: { binary: "x/b" } };
		await expect(deploy([spec({ applications: unbuilt })])).rejects.toThrow(
			/h1: applications\.a: expected a file at x\/a.*\nh1: applications\.b/,
		);
		expect(made.map(({ type }) => type)).not.toContain(
			"metaltune:index:HostState",
		);
	});
});

test.each([
	[undefined, "--limit=1800 apply"],
	[{ applySeconds: 3600 }, "--limit=3600 apply"],
])(
	"apply has the limit of %j, and the provider learns of it",
	async (timeouts, expected) => {
		const connection = {
			...spec().connection,
			...(timeouts === undefined ? {} : { timeouts }),
		};
		const { made: all } = await deploy([spec({ connection })]);
		const command = inputsOf(all, "command:remote:Command");
		expect(command.create).toContain(expected);
		// The command provider has no such key.
		expect(command.connection).not.toHaveProperty("timeouts");
		for (const type of ["HostState", "HostReady"]) {
			const inputs = inputsOf(all, `metaltune:index:${type}`);
			expect((inputs.connection as typeof connection).timeouts).toEqual(
				timeouts,
			);
		}
	},
);

test("become wraps every command in sudo that never asks", async () => {
	const connection = { ...spec().connection, become: true };
	const { made: all } = await deploy([spec({ connection })]);
	const command = inputsOf(all, "command:remote:Command");
	expect(command.create).toMatch(/^exec sh -c 'exec sudo -n -- /);
});

test("a config secret travels sealed, and never in the component", async () => {
	const connection = { ...spec().connection, passwordSecret: "hostPassword" };
	const { made: all } = await deploy([spec({ connection })]);
	const state = inputsOf(all, "metaltune:index:HostState");
	// The mocks lift the envelope to the property that holds the secret.
	expect(state.connection).toMatchObject({
		[secretKey]: expect.any(String),
		value: { password: "pw" },
	});
	const component = inputsOf(all, "metaltune:index:TunedHost");
	expect(JSON.stringify(component)).not.toContain('"pw"');
});

test("the content of files is a secret, and in no other property", async () => {
	const content = "password = hunter2\n";
	const hash = createHash("sha256").update(content).digest("hex");
	const value = `sha256:${hash} ${content.length}`;
	const file = {
		tunable: "files",
		key: "/etc/fx.conf",
		value,
		content,
	} as const;
	const { made: all } = await deploy([
		spec({
			tuning: { files: { "/etc/fx.conf": { content, mode: "0600" } } },
			applications: {
				fx: { path: "/usr/bin/fx", files: [{ path: "fx.conf", content }] },
			},
			settings: [{ ...file, match: "exact", effect: "live" }],
		}),
	]);
	const { contents, ...inputs } = inputsOf(all, "metaltune:index:HostState");
	expect(contents).toMatchObject({ value: { [hash]: content } });
	expect(JSON.stringify(contents)).toContain(secretKey);
	const plain = [...all.filter(({ inputs: each }) => !each.contents), inputs];
	expect(JSON.stringify(plain)).not.toContain("hunter2");
	expect(JSON.stringify(plain)).not.toContain(
		Buffer.from(content).toString("base64"),
	);
	expect(inputsOf(all, "metaltune:index:TunedHost")).toMatchObject({
		tuning: { files: { "/etc/fx.conf": { content: value, mode: "0600" } } },
		applications: { fx: { files: [{ content: value }] } },
	});
});
