/** The measured profile is what the documented figures speak of. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { sections } from "../../applications/sections";
import { profile } from "../../bench/profile";
import { loadInventory } from "../../inventory/load";

const directory = mkdtempSync(join(tmpdir(), "metaltune-profile-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("60 settings over five tunables, none of which reboots by itself", () => {
	const machine = {
		address: "192.0.2.1",
		hostKey:
			"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	writeFileSync(
		join(directory, "bench.yaml"),
		stringify({
			connection: { user: "root" },
			...profile,
			machines: { one: machine },
		}),
	);
	const [spec] = loadInventory(directory, sections);
	expect(spec?.settings).toHaveLength(60);
	expect(new Set(spec?.settings.map((setting) => setting.tunable))).toEqual(
		new Set(["hugePages", "kernelCommandLine", "limits", "memory", "sysctl"]),
	);
	expect(spec?.rollout.reboot).toBe("manual");
});
