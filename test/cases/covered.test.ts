/** Every case is read by a test, or is named by the test that proves it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const entries = readdirSync(__dirname, { withFileTypes: true });
const directories = entries.filter((entry) => entry.isDirectory());
const tests = join(__dirname, "..");
const text = readdirSync(tests, { recursive: true })
	.map((name) => join(tests, String(name)))
	.filter((path) => /(?<!covered)\.test\.ts$/.test(path))
	.map((path) => readFileSync(path, "utf8"))
	.join("\n");

test.each(directories.map(({ name }) => name))("%s", (name) => {
	expect(text.includes(name)).toBe(true);
});
