/** Every case is read by a test. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const entries = readdirSync(__dirname, { withFileTypes: true });
const directories = entries.filter((entry) => entry.isDirectory());
const beside = entries
	.filter(({ name }) => /(?<!covered)\.test\.ts$/.test(name))
	.map(({ name }) => join(__dirname, name));
const e2e = readdirSync(join(__dirname, "../e2e"), { recursive: true })
	.map((name) => join(__dirname, "../e2e", String(name)))
	.filter((path) => path.endsWith(".ts"));
const text = [...beside, ...e2e]
	.map((path) => readFileSync(path, "utf8"))
	.join("\n");

test.each(directories.map(({ name }) => name))("%s", (name) => {
	expect(text.includes(`"${name}"`)).toBe(true);
});
