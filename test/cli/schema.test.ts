/** The schema that editors read is the one the decoders make. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inventorySchema } from "../../inventory/inventorySchema";
import { tunables } from "../../tunables/registry";

const committed = join(__dirname, "../../hosts/schema.json");

test("hosts/schema.json is not stale", () => {
	const now: unknown = JSON.parse(readFileSync(committed, "utf8"));
	const made: unknown = JSON.parse(JSON.stringify(inventorySchema(tunables)));
	const stale = "hosts/schema.json is stale; run: npm run schema";
	const isSame = JSON.stringify(now) === JSON.stringify(made);
	expect(isSame ? "current" : stale).toBe("current");
});
