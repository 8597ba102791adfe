/** EC2 instances as the inventory declares them. */

/** The login user of each distribution's images. */
export const distributionUsers = {
	"debian-12": "admin",
	"ubuntu-24.04": "ubuntu",
	al2023: "ec2-user",
} as const;

export type Distribution = keyof typeof distributionUsers;

/** One volume, always encrypted. */
export interface VolumeSpec {
	readonly type: "gp3" | "io2";
	/** The image's size when absent. */
	readonly sizeGiB?: number;
	readonly iops?: number;
	readonly throughputMiBps?: number;
}

/**
 * The image of the root volume: the newest of a distribution, or a given one.
 */
export type ImageSpec =
	| { readonly distribution: Distribution; readonly amiId?: never }
	| { readonly amiId: string; readonly distribution?: never };

/** The declaration of an instance; the same for every instance of a group. */
export interface AwsSpec {
	/** A bare-metal type, such as c7i.metal-24xl. */
	readonly instanceType: string;
	readonly subnetId: string;
	readonly image: ImageSpec;
	/** Name of an EC2 key pair. */
	readonly keyPair: string;
	/** Networks in CIDR notation from which SSH is allowed in. */
	readonly sshFrom: readonly string[];
	readonly region?: string;
	/** The address that SSH connects to. */
	readonly address: "private" | "public";
	/** An existing cluster placement group; by default the group gets its own. */
	readonly placementGroup?: string;
	/**
	 * An existing instance profile; by default one for Session Manager is created.
	 */
	readonly instanceProfile?: string;
	/** Security groups besides the one that allows SSH in. */
	readonly securityGroupIds?: readonly string[];
	/** ENA interfaces besides the first, which carries SSH. */
	readonly secondaryInterfaces?: number;
	readonly rootVolume: VolumeSpec;
	/** Volumes besides the root volume, by device. */
	readonly volumes?: {
		readonly [device: string]: VolumeSpec & { readonly sizeGiB: number };
	};
	readonly tags?: { readonly [key: string]: string };
}
