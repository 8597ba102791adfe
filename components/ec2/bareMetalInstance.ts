/**
 * One EC2 bare-metal machine, until SSH can reach it. It is created with its
 * host key, so that the first login is verified.
 */
import * as ebs from "@pulumi/aws/ebs";
import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import {
	instanceArguments,
	namedTags,
	regionOf,
	volumeArguments,
} from "../../inventory/ec2Arguments";
import type { InstanceSpec } from "../../model/hostSpec";
import type { Endpoint } from "../connectionArgs";
import { HostKey } from "../hostKeyResource";
import { userData } from "./cloudInit";
import type { Ec2Group } from "./group";

// Bare metal takes long to start, and longer to stop.
const customTimeouts = { create: "30m", update: "60m", delete: "60m" };

export class BareMetalInstance extends pulumi.ComponentResource {
	/** Of the instance; a new id is a new machine. */
	readonly instanceId: pulumi.Output<string>;
	readonly endpoint: Endpoint;
	/** Resources that must be attached before the machine is complete. */
	readonly parts: readonly pulumi.Resource[];

	/**
	 * @param after resources that must exist before the instance is created or
	 *   changed.
	 */
	constructor(
		private readonly spec: InstanceSpec,
		private readonly group: Ec2Group,
		after: readonly pulumi.Resource[],
		options: pulumi.ComponentResourceOptions,
	) {
		const { name, aws } = spec;
		super("metaltune:index:BareMetalInstance", name, {}, options);
		const key = new HostKey(name, { parent: this });
		const firstBoot = pulumi
			.all([key.privateKey, key.publicKey])
			.apply(([privateKey, publicKey]) => userData({ privateKey, publicKey }));
		const instance = new ec2.Instance(
			name,
			instanceArguments<pulumi.Input<string>>(spec, {
				ami: group.ami,
				placementGroup: group.placementGroup,
				securityGroupId: group.securityGroupId,
				instanceProfile: group.instanceProfile,
				userData: pulumi.secret(firstBoot),
			}),
			{
				parent: this,
				dependsOn: [...after],
				customTimeouts,
				additionalSecretOutputs: ["userData"],
				// A newer image or a new form of the user data does not concern a running
				// machine. Another choice of image is meant to replace it.
				ignoreChanges: ["ami", "userData"],
				replacementTrigger: JSON.stringify(aws.image),
			},
		);
		this.instanceId = instance.id;
		this.endpoint = {
			host: aws.address === "public" ? instance.publicIp : instance.privateIp,
			hostKey: key.publicKey,
		};
		this.parts = [...this.volumes(instance), ...this.interfaces(instance)];
		this.registerOutputs({});
	}

	// Separate resources: adding one does not replace the machine, and a replaced
	// machine gets its volumes back with their data.
	private volumes(instance: ec2.Instance): readonly pulumi.Resource[] {
		const { aws } = this.spec;
		const { availabilityZone } = this.group;
		const parent = { parent: this };
		return Object.entries(aws.volumes ?? {}).map((declared) => {
			const { name, volume } = volumeArguments(
				this.spec,
				declared,
				availabilityZone,
			);
			const disk = new ebs.Volume(name, volume, parent);
			const [device] = declared;
			return new ec2.VolumeAttachment(
				name,
				{
					instanceId: instance.id,
					volumeId: disk.id,
					deviceName: `/dev/${device}`,
					// The shutdown unmounts its file systems before the volume is detached.
					stopInstanceBeforeDetaching: true,
					...regionOf(aws),
				},
				// A volume is attached to one machine at a time.
				{ ...parent, deleteBeforeReplace: true, customTimeouts },
			);
		});
	}

	private interfaces(instance: ec2.Instance): readonly pulumi.Resource[] {
		const { name, aws } = this.spec;
		const count = aws.secondaryInterfaces ?? 0;
		return Array.from({ length: count }, (_, index) => {
			const deviceIndex = index + 1;
			return new ec2.NetworkInterface(
				`${name}-eni${deviceIndex}`,
				{
					subnetId: aws.subnetId,
					securityGroups: [
						this.group.securityGroupId,
						...(aws.securityGroupIds ?? []),
					],
					attachments: [{ instance: instance.id, deviceIndex }],
					tags: namedTags(this.spec, `${name}-eni${deviceIndex}`),
					...regionOf(aws),
				},
				{ parent: this },
			);
		});
	}
}
