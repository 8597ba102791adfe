/** Decodes the volumes of EC2 instances, which are always encrypted. */
import { map, object, record } from "../decode/decoder";
import { integer, oneOf, text } from "../decode/scalars";

const volumeFields = {
	sizeGiB: integer({
		description: "Size.",
		min: 1,
		max: 65_536,
		unit: "GiB",
	}),
	type: oneOf(["gp3", "io2"], "gp3 when absent."),
	iops: integer({
		description: "Operations per second; 3000 when absent, of gp3.",
		min: 100,
		max: 256_000,
	}),
	throughputMiBps: integer({
		description: "Of gp3; 125 when absent.",
		min: 125,
		max: 2000,
		unit: "MiB/s",
	}),
};

interface VolumeFields {
	readonly type?: "gp3" | "io2";
	readonly iops?: number;
	readonly throughputMiBps?: number;
}

function typed<T extends VolumeFields>(
	volume: T,
	fail: (message: string) => undefined,
) {
	const { type = "gp3", iops, throughputMiBps } = volume;
	if (type === "io2" && iops === undefined) {
		return fail("expected iops, as io2 has no default, got none");
	}
	if (type === "io2" && throughputMiBps !== undefined) {
		return fail("expected throughputMiBps with gp3 only, got it with io2");
	}
	return type === "gp3" && iops !== undefined && iops < 3000
		? fail(`expected at least 3000 iops, which gp3 has anyway, got ${iops}`)
		: { ...volume, type };
}

const volume = map(
	object(
		{
			required: { sizeGiB: volumeFields.sizeGiB },
			optional: {
				type: volumeFields.type,
				iops: volumeFields.iops,
				throughputMiBps: volumeFields.throughputMiBps,
			},
		},
		"An encrypted volume.",
	),
	typed,
);

/** `volumes`: by device. */
export const volumes = record(
	text({
		description: "Device name; Linux shows an NVMe disk.",
		pattern: /^sd[f-p]$/,
		expected: "a device name from sdf to sdp",
	}),
	volume,
	"Volumes beside the root volume, by device; they outlive an instance.",
);

/** `rootVolume`. */
export const rootVolume = map(
	object({ optional: volumeFields }, "The encrypted root volume."),
	typed,
);
