/**
 * The engine with a simulated AWS account, whose instances are simulated hosts.
 * See awsStandIn/.
 */
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
	type SimulatedHost,
	simulatedHost,
	startSimulatedHosts,
} from "../../lab/light/simulatedHosts";
import { snapshotTree, type TreeSnapshot } from "../support/tree";
import {
	type AccountSettings,
	openAccount,
	type Stored,
} from "./awsStandIn/account";
import { labOf, powerOff } from "./awsStandIn/instances";
import { type EngineLab, startEngineLab } from "./lab";

const instanceType = "aws:ec2/instance:Instance";

export interface Instance extends SimulatedHost {
	/** The host's name in the inventory. */
	readonly hostName: string;
	readonly ami: string;
	tree(): TreeSnapshot;
	read(path: string): string;
}

export interface Ec2Lab extends EngineLab {
	/** Writes the group `fx`; `aws` and the rest of its file. */
	declareGroup(
		aws: { readonly [key: string]: unknown },
		sections: { readonly [section: string]: unknown },
	): void;
	/** The instances there are, by name. */
	instances(): readonly Instance[];
	instance(hostName: string): Instance;
	/** Every change that was asked of AWS, in order. */
	asked(): readonly string[];
	/** Objects that are left. */
	objects(): readonly Stored[];
	publish(image: AccountSettings["images"][number]): void;
	/** Ends an instance behind Pulumi's back. */
	lose(instance: Instance): Promise<void>;
}

const debian = {
	owner: "136693071363",
	architecture: "x86_64",
} as const;

/** The image that instances start from, and some that must not be taken. */
const images: AccountSettings["images"] = [
	{
		owner: "099720109477",
		architecture: "x86_64",
		id: "ami-0000000d",
		name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260101",
		creationDate: "2026-01-01",
	},
	{
		...debian,
		id: "ami-00000001",
		name: "debian-12-amd64-20250210-2019",
		creationDate: "2025-02-10",
	},
	{
		...debian,
		id: "ami-0000000a",
		name: "debian-12-arm64-20260101-0001",
		architecture: "arm64",
		creationDate: "2026-01-01",
	},
	{
		...debian,
		id: "ami-0000000b",
		name: "debian-13-amd64-20260101-0001",
		creationDate: "2026-01-01",
	},
	{
		...debian,
		owner: "123456789012",
		id: "ami-0000000c",
		name: "debian-12-amd64-20260101-0001",
		creationDate: "2026-01-01",
	},
];

/** @throws Error when bin/setup was not run or the lab does not start. */
export async function startEc2Lab(): Promise<Ec2Lab> {
	const lab = await startEngineLab({ count: 0 });
	const directory = join(lab.directory, "plugins/aws");
	mkdirSync(directory, { recursive: true });
	// Beside the plugins that Pulumi.yaml names already, at its end.
	appendFileSync(
		join(lab.directory, "Pulumi.yaml"),
		"    - name: aws\n      path: ./plugins\n",
	);
	symlinkSync(
		join(__dirname, "awsStandIn/pulumi-resource-aws"),
		join(lab.directory, "plugins/pulumi-resource-aws"),
	);
	const account = openAccount(directory);
	const port = 10_000 + (process.pid % 1000) * 8;
	const write = (published: AccountSettings["images"]) =>
		writeFileSync(
			join(directory, "settings.json"),
			JSON.stringify({ port, keyPairs: ["fleet"], images: published }),
		);
	write(images);
	const light = await startSimulatedHosts({
		count: 0,
		directory: labOf(account),
	});
	const instanceOf = ({ id, inputs }: Stored): Instance => {
		const host = simulatedHost(light.directory, { name: id, port });
		return {
			...host,
			hostName: Object(inputs.tags).Name,
			ami: String(inputs.ami),
			tree: () => snapshotTree(host.root, { except: [".lab"] }),
			read: (path) => readFileSync(join(host.root, path), "utf8").trimEnd(),
		};
	};
	const instances = () =>
		account
			.all()
			.filter(({ type }) => type === instanceType)
			.map(instanceOf)
			.toSorted((a, b) => (a.hostName < b.hostName ? -1 : 1));
	return {
		...lab,
		declareGroup(aws, sections) {
			const file = {
				connection: {
					user: light.user,
					port,
					privateKeyFile: light.privateKeyFile,
				},
				aws: {
					instanceType: "c7i.metal-24xl",
					subnetId: "subnet-0123456789abcdef0",
					image: { distribution: "debian-12" },
					keyPair: "fleet",
					sshFrom: ["203.0.113.0/24", "2001:db8::/32"],
					...aws,
				},
				...sections,
			};
			// JSON is YAML.
			writeFileSync(join(lab.directory, "hosts/fx.yaml"), JSON.stringify(file));
		},
		instances,
		instance(hostName) {
			const found = instances().find((each) => each.hostName === hostName);
			if (found === undefined) {
				throw new Error(`expected an instance of ${hostName}, got none`);
			}
			return found;
		},
		asked: () => {
			const log = join(directory, "log");
			return existsSync(log)
				? readFileSync(log, "utf8").trimEnd().split("\n")
				: [];
		},
		objects: account.all,
		publish: (image) => write([...images, image]),
		async lose({ name }) {
			await powerOff(account, name);
			account.remove(name);
		},
		async remove() {
			lab.crash();
			await light.stop();
			await lab.remove();
		},
	};
}
