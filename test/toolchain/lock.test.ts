/**
 * package-lock.json holds what every platform needs. npm writes a lock without
 * the optional packages that the registry at hand lacks, and `npm ci` then
 * refuses it wherever the registry has them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

interface Package {
	readonly version?: string;
	readonly integrity?: string;
	readonly optionalDependencies?: { readonly [name: string]: string };
}

function lockedPackages(lock: string): { readonly [path: string]: Package } {
	return JSON.parse(readFileSync(join(root, lock), "utf8")).packages;
}

/** Where Node.js finds a package: beside its user, or in a directory above. */
function isLocked(
	packages: { readonly [path: string]: Package },
	user: string,
	name: string,
): boolean {
	const steps = user === "" ? [] : user.split("/node_modules/");
	const places = steps.map((_, index) =>
		[...steps.slice(0, steps.length - index), name].join("/node_modules/"),
	);
	return [...places, `node_modules/${name}`].some(
		(place) => packages[place] !== undefined,
	);
}

function missingFrom(packages: {
	readonly [path: string]: Package;
}): readonly string[] {
	return Object.entries(packages).flatMap(([user, { optionalDependencies }]) =>
		Object.keys(optionalDependencies ?? {})
			.filter((name) => !isLocked(packages, user, name))
			.map((name) => `${user}: ${name}`),
	);
}

describe.each(["package-lock.json", "toolchain/node/package-lock.json"])(
	"%s",
	(lock) => {
		const packages = lockedPackages(lock);

		test("lists every optional package of every package", () => {
			expect(missingFrom(packages)).toEqual([]);
		});

		test("has a checksum for every package", () => {
			const unverified = Object.entries(packages)
				.filter(([path, { integrity }]) => path !== "" && !integrity)
				.map(([path]) => path);
			expect(unverified).toEqual([]);
		});
	},
);

test("a lock written against a registry with gaps is refused", () => {
	const packages = lockedPackages("package-lock.json");
	const platforms = Object.keys(
		packages["node_modules/@biomejs/biome"]?.optionalDependencies ?? {},
	);
	expect(platforms.length).toBeGreaterThan(4);
	const { [`node_modules/${platforms[0]}`]: gap, ...rest } = packages;
	expect(gap).toBeDefined();
	expect(missingFrom(rest)).toEqual([
		`node_modules/@biomejs/biome: ${platforms[0]}`,
	]);
});

test("package.json pins what it names, and both platforms' Node.js alike", () => {
	const { dependencies, devDependencies, peerDependencies } = JSON.parse(
		readFileSync(join(root, "package.json"), "utf8"),
	);
	const versions = Object.values({
		...dependencies,
		...devDependencies,
		...peerDependencies,
	});
	expect(
		versions.filter((each) => !/^\d+\.\d+\.\d+$/.test(String(each))),
	).toEqual([]);
	for (const [name, version] of Object.entries(peerDependencies)) {
		expect({ [name]: devDependencies[name] }).toEqual({ [name]: version });
	}
	const node = JSON.parse(
		readFileSync(join(root, "toolchain/node/package.json"), "utf8"),
	).optionalDependencies;
	expect(new Set(Object.values(node)).size).toBe(1);
});
