/**
 * The wording of the command line's errors, in one file: __snapshots__. After a
 * change of a sentence, read the difference and run
 * `npx jest test/cli/wordings -u`.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metaltune } from "./cli";

jest.setTimeout(120_000);

const checkout = join(__dirname, "../..");
let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "metaltune-wordings-"));
	cpSync(join(checkout, "hosts"), join(directory, "hosts"), {
		recursive: true,
	});
	writeFileSync(join(directory, "map.json"), "{}\n");
	writeFileSync(join(directory, "Pulumi.yaml"), "name: a\nruntime: nodejs\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

test.each([
	"tune",
	"explain hugePage",
	"explain smt --format junit",
	"validate --inventory nowhere",
	"drift --timeout 0",
	"drift --format html",
	"drift --write drift.pdf",
	"drift --host example-9",
	"checklist",
	"checklist exampel-1",
	"checklist example-1 --watch long",
	"checklist example-1 --timeout 1.5",
	"status --stack none",
	"repair",
	"app rollback example-1",
	"ci comment nowhere.json",
	"ci comment --post map.json",
	"ci issue nowhere.json",
])("%s", async (words) => {
	const { code, stdout, stderr } = await metaltune(words.split(" "), {
		cwd: directory,
		env: {
			PATH: process.env.PATH,
			HOME: directory,
			PULUMI_BACKEND_URL: `file://${directory}`,
			PULUMI_CONFIG_PASSPHRASE: "test",
		},
	});
	expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
	// Other lines are of Pulumi.
	const own = stderr
		.split("\n")
		.filter((line) => /^(?:metaltune|error|hosts|nowhere)\b/.test(line));
	expect(own.join("\n").replaceAll(directory, "DIRECTORY")).toMatchSnapshot();
});
