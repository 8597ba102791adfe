/** The releases of Debian and the kernels that the test VM can have. */

/** Debian's name of each release in its archive. */
const suites = {
	"debian-11": "bullseye",
	"debian-12": "bookworm",
	"debian-13": "trixie",
	"debian-14": "forky",
} as const;

/** The package of each kernel; `rt` has PREEMPT_RT. */
const kernelPackages = {
	standard: "linux-image-amd64",
	rt: "linux-image-rt-amd64",
} as const;

export type Release = keyof typeof suites;
export type Kernel = keyof typeof kernelPackages;

export const releases = Object.keys(suites) as readonly Release[];
export const kernels = Object.keys(kernelPackages) as readonly Kernel[];

/** Its value is the release where none is chosen, in the scenarios too. */
export const releaseVariable = "METALTUNE_LAB_RELEASE";

/** What a test VM is made of. */
export interface Edition {
	readonly release: Release;
	readonly kernel: Kernel;
}

export const defaultEdition: Edition = {
	release: "debian-12",
	kernel: "standard",
};

/**
 * The release of this name.
 *
 * @throws Error when there is none.
 */
export function releaseNamed(name: string): Release {
	const found = releases.find((release) => release === name);
	if (found === undefined) {
		throw new Error(
			`expected one of ${releases.join(", ")}, got ${JSON.stringify(name)}`,
		);
	}
	return found;
}

/** The variables that `image/build` reads. */
export function buildVariables({ release, kernel }: Edition) {
	return { SUITE: suites[release], KERNEL: kernelPackages[kernel] } as const;
}

/** A short name, for files. */
export function editionName({ release, kernel }: Edition): string {
	return kernel === defaultEdition.kernel ? release : `${release}-${kernel}`;
}
