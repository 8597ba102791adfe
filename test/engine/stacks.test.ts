/**
 * A fleet cut into two stacks by group, with its state in PostgreSQL: each
 * stack touches the hosts of its own groups only.
 */
import { done, type EngineLab, startEngineLab } from "./lab";
import { startPostgres } from "./postgres";

jest.setTimeout(180_000);

const names = ["light-1", "light-2"];

let postgres: ReturnType<typeof startPostgres>;
let lab: EngineLab;

beforeAll(async () => {
	postgres = startPostgres(30_000 + (process.pid % 10_000));
	lab = await startEngineLab({ count: 2, backend: postgres.url });
	for (const name of names) {
		const tuning = { sysctl: { "vm.swappiness": 7 } };
		lab.declare({ tuning }, { [name]: {} }, `${name}-group`);
	}
});
afterAll(async () => {
	await lab?.remove();
	postgres?.stop();
});

async function choose(stack: string, ...groups: readonly string[]) {
	for (const [index, group] of groups.entries()) {
		const path = `metaltune:groups[${index}]`;
		await done(
			lab.pulumi("config", "set", "--stack", stack, "--path", path, group),
		);
	}
}

test("a stack for each group", async () => {
	await done(lab.pulumi("stack", "init", "other"));
	await choose("dev", "light-1-group");
	await choose("other", "light-2-group");
	const first = await done(lab.up("--stack", "dev"));
	expect(first.logins["light-1"]).toBeGreaterThan(0);
	expect(first.logins["light-2"]).toBe(0);
	const second = await done(lab.up("--stack", "other"));
	expect(second.logins["light-1"]).toBe(0);
	expect(second.logins["light-2"]).toBeGreaterThan(0);
	for (const name of names) {
		expect(lab.host(name).read("proc/sys/vm/swappiness")).toBe("7");
	}
	const left = await done(
		lab.pulumi("destroy", "--yes", "--skip-preview", "--stack", "other"),
	);
	expect(left.logins["light-1"]).toBe(0);
	expect(lab.host("light-1").read("proc/sys/vm/swappiness")).toBe("7");
	expect(lab.host("light-2").read("proc/sys/vm/swappiness")).toBe("60");
});

test("a group that the inventory does not have is refused before any host", async () => {
	await choose("other", "light-3-group");
	const refused = await lab.up("--stack", "other");
	expect(refused.code).not.toBe(0);
	expect(refused.text).toContain(
		'metaltune:groups in the stack\'s config: expected a list of group names, such as [fx-store, raven], got "light-3-group", did you mean light-1-group?; known: light-1-group, light-2-group',
	);
	expect(refused.logins).toEqual({ "light-1": 0, "light-2": 0 });
});
