/** Snapshots and released disks still hold data. */
import {
	instanceType,
	listOf,
	mapOf,
	ofResource,
	volumeType,
} from "../ec2Properties";
import type { CloudRule, Properties } from "../rule";

/** Paths of the volumes of an instance, and their properties. */
function volumesOf(props: Properties) {
	return [
		["rootBlockDevice", mapOf(props.rootBlockDevice)] as const,
		...listOf(props.ebsBlockDevices).map(
			(device, index) => [`ebsBlockDevices[${index}]`, mapOf(device)] as const,
		),
	];
}

export const ec2Encrypted: CloudRule = {
	name: "ec2Encrypted",
	topic: "ec2",
	scope: "resource",
	severity: "mandatory",
	types: [instanceType, volumeType],
	demand: "Volumes are encrypted",
	reason:
		"Anyone with access to an unencrypted snapshot or disk can read it. EC2 encrypts outside the CPU, so encryption costs no CPU time",
	source: "Amazon EBS User Guide, encryption",
	judge: (resource) => {
		const volumes =
			resource.type === volumeType
				? [["", resource.props] as const]
				: volumesOf(resource.props);
		return volumes
			.filter(([, { encrypted }]) => encrypted !== true)
			.map(([path]) =>
				ofResource(
					resource,
					path === "" ? "encrypted" : `${path}.encrypted`,
					"is not true",
					"write true",
				),
			);
	},
	remedy: ({ type, props }) =>
		type === volumeType
			? { ...props, encrypted: true }
			: {
					...props,
					rootBlockDevice: { ...mapOf(props.rootBlockDevice), encrypted: true },
					...(props.ebsBlockDevices === undefined
						? {}
						: {
								ebsBlockDevices: listOf(props.ebsBlockDevices).map(
									(device) => ({ ...mapOf(device), encrypted: true }),
								),
							}),
				},
};
