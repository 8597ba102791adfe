/**
 * The image of an instance: a distribution's newest, by its publisher's account
 * and naming pattern.
 */
import type { Distribution } from "../../model/ec2";

export type Architecture = "x86_64" | "arm64";

interface Publication {
	/** AWS account id, or AWS's own alias. */
	readonly owner: string;
	/** Pattern of the images' names. */
	name(architecture: Architecture): string;
}

const debianWord = { x86_64: "amd64", arm64: "arm64" } as const;

const publications: { readonly [D in Distribution]: Publication } = {
	// https://wiki.debian.org/Cloud/AmazonEC2Image
	"debian-12": {
		owner: "136693071363",
		name: (architecture) => `debian-12-${debianWord[architecture]}-*`,
	},
	// https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/
	"ubuntu-24.04": {
		owner: "099720109477",
		name: (architecture) =>
			`ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${debianWord[architecture]}-server-*`,
	},
	// https://docs.aws.amazon.com/linux/al2023/ug/naming-and-versioning.html
	al2023: {
		owner: "amazon",
		name: (architecture) => `al2023-ami-2023.*-kernel-6.1-${architecture}`,
	},
};

/**
 * The processor of an instance type: `g` after the generation number is
 * Graviton (https://docs.aws.amazon.com/ec2/latest/instancetypes/).
 */
export function architectureOf(instanceType: string): Architecture {
	return /^(?:a1\.|[a-z]+[0-9]+g)/.test(instanceType) ? "arm64" : "x86_64";
}

/** The arguments of `aws:ec2/getAmi` that return the newest image. */
export function imageQuery(distribution: Distribution, instanceType: string) {
	const architecture = architectureOf(instanceType);
	const { owner, name } = publications[distribution];
	const filter = (key: string, value: string) => ({
		name: key,
		values: [value],
	});
	return {
		owners: [owner],
		mostRecent: true,
		filters: [
			filter("name", name(architecture)),
			filter("architecture", architecture),
			filter("virtualization-type", "hvm"),
			filter("root-device-type", "ebs"),
			filter("ena-support", "true"),
		],
	};
}
