/**
 * A checkout of an operator, who has neither EC2 groups nor a policy pack: the
 * SDKs of both are not installed, and one sentence says so where one is asked
 * for.
 */
import { spawnSync } from "node:child_process";
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");
const optional = ["aws", "policy"];

let checkout: string;

beforeAll(() => {
	checkout = mkdtempSync(join(tmpdir(), "metaltune-operator-"));
	const upper = ["components", "provider", "observe", "policies", "host"];
	const lower = ["applications", "tunables", "ssh", "inventory", "model"];
	for (const name of [...upper, ...lower, "package.json"]) {
		cpSync(join(root, name), join(checkout, name), { recursive: true });
	}
	const modules = join(checkout, "node_modules");
	mkdirSync(join(modules, "@pulumi"), { recursive: true });
	const link = (name: string) =>
		symlinkSync(join(root, "node_modules", name), join(modules, name));
	readdirSync(join(root, "node_modules"))
		.filter((name) => name !== "@pulumi" && !name.startsWith("."))
		.forEach(link);
	readdirSync(join(root, "node_modules/@pulumi"))
		.filter((name) => !optional.includes(name))
		.forEach((name) => {
			// A link's own neighbours would be found from where it leads.
			cpSync(
				join(root, "node_modules/@pulumi", name),
				join(modules, "@pulumi", name),
				{ recursive: true },
			);
		});
});
afterAll(() => rmSync(checkout, { recursive: true }));

function run(script: string) {
	const { status, stderr } = spawnSync(
		process.execPath,
		["--require", "./node_modules/tsx/dist/cjs/index.cjs", "-e", script],
		{ cwd: checkout, encoding: "utf8" },
	);
	return { status, stderr };
}

test("a group with `aws` asks for the AWS SDK", () => {
	const { status, stderr } = run(`
		const { machineMaker } = require("./components/machines.ts");
		try { machineMaker(undefined)({ aws: {} }, []); }
		catch (error) { console.error(error.constructor.name, error.message); process.exit(3); }`);
	expect({ status, stderr }).toEqual({
		status: 3,
		stderr:
			"RunError a group with `aws` needs @pulumi/aws, which is not installed; run `npm install @pulumi/aws`, or `bin/setup --ec2` in a checkout of metaltune\n",
	});
});

test("the policy pack asks for the policy SDK", () => {
	const { status, stderr } = run(`
		try { require("./policies"); }
		catch (error) { console.error(error.message); process.exit(3); }`);
	expect({ status, stderr }).toEqual({
		status: 3,
		stderr:
			"the policy pack needs @pulumi/policy, which is not installed; run `npm install @pulumi/policy`, or `bin/setup --policies` in a checkout of metaltune\n",
	});
});

test("without either, a host is described and its program is assembled", () => {
	expect(
		run(`
		require("./components/fleet.ts");
		require("./host/assemble.ts").hostProgram();`),
	).toEqual({ status: 0, stderr: "" });
});
