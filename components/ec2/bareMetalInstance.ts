/**
 * One EC2 bare-metal machine, up to the moment SSH can reach it. It is made
 * with its host key inside, so there is no first login to an unknown host.
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
import { HostKey } from "../hostKey";
import { userData } from "./cloudInit";
import type { Ec2Group } from "./group";

// Bare metal takes long to power up, and longer to stop.
const customTimeouts = { create: "30m", update: "60m", delete: "60m" };

export class BareMetalInstance extends pulumi.ComponentResource {
	/** Of the instance; another one is another machine. */
	readonly instanceId: pulumi.Output<string>;
	readonly endpoint: Endpoint;
	/** What must be attached before the machine is complete. */
	readonly parts: readonly pulumi.Resource[];

	/** @param after what must be done before the instance is made or changed. */
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
				// A newer image, or another way to write user data, is nothing to a
				// machine that runs; another choice of image is meant to replace it.
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

	// Resources of their own: one more does not replace the machine, and a
	// replaced machine gets them back with what is on them.
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
					// Its file systems are unmounted by a shutdown and not torn away.
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
