/** EC2 instances as the inventory declares them. */

/** Distribution to the user that its images let in. */
export const distributionUsers = {
	"debian-12": "admin",
	"ubuntu-24.04": "ubuntu",
	al2023: "ec2-user",
} as const;

export type Distribution = keyof typeof distributionUsers;

/** One volume, always encrypted. */
export interface VolumeSpec {
	readonly type: "gp3" | "io2";
	/** As the image has it when absent. */
	readonly sizeGiB?: number;
	readonly iops?: number;
	readonly throughputMiBps?: number;
}

/** What is on the root volume: the newest image of a distribution, or one. */
export type ImageSpec =
	| { readonly distribution: Distribution; readonly amiId?: never }
	| { readonly amiId: string; readonly distribution?: never };

/** What an instance is made from; the same for every one of its group. */
export interface AwsSpec {
	/** A bare-metal type, such as c7i.metal-24xl. */
	readonly instanceType: string;
	readonly subnetId: string;
	readonly image: ImageSpec;
	/** Name of an EC2 key pair. */
	readonly keyPair: string;
	/** Networks in CIDR notation from which SSH is let in. */
	readonly sshFrom: readonly string[];
	readonly region?: string;
	/** Which address SSH goes to. */
	readonly address: "private" | "public";
	/** An existing cluster placement group; without it the group gets its own. */
	readonly placementGroup?: string;
	/** An existing instance profile; without it one for Session Manager is made. */
	readonly instanceProfile?: string;
	/** Security groups beside the one that lets SSH in. */
	readonly securityGroupIds?: readonly string[];
	/** ENA interfaces beside the first, which carries SSH. */
	readonly secondaryInterfaces?: number;
	readonly rootVolume: VolumeSpec;
	/** Volumes beside the root volume, by device. */
	readonly volumes?: {
		readonly [device: string]: VolumeSpec & { readonly sizeGiB: number };
	};
	readonly tags?: { readonly [key: string]: string };
}
