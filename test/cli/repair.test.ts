/**
 * `metaltune repair` over real SSH, with a stand-in for pulumi: which hosts it
 * gives to `pulumi up`, which it refuses, and how it exits.
 */
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sections } from "../../applications/sections";
import { hostProgram, programPath } from "../../host/assemble";
import { loadInventory } from "../../inventory/load";
import { inventoryYaml } from "../../lab/light/inventory";
import {
	type SimulatedLab,
	startSimulatedHosts,
} from "../../lab/light/simulatedHosts";
import { exportOf } from "../observe/drift/stackExport";
import { keyPair } from "../ssh/sshServer";
import { metaltune } from "./cli";

jest.setTimeout(120_000);

const standIn = `#!/bin/sh
case "$1 $2" in
"stack export") cat export.json ;;
"stack history") echo '[]' ;;
"config --json") cat config.json ;;
"up "*) printf '%s\\n' "$@" >up; exit "$(cat code)" ;;
*) echo "unexpected: $*" >&2; exit 64 ;;
esac
`;

let directory: string;
let lab: SimulatedLab;

function write(path: string, text: string, mode = 0o644): void {
	writeFileSync(join(directory, path), text, { mode });
}

function declare(swappiness: number, inventory = "hosts"): void {
	mkdirSync(join(directory, inventory), { recursive: true });
	const tuning = { sysctl: { "vm.swappiness": swappiness } };
	write(`${inventory}/lab.yaml`, inventoryYaml(lab, { tuning }));
}

function drifts(host: string, swappiness: string): void {
	const root = lab.hosts.find(({ name }) => name === host)?.root ?? "";
	writeFileSync(join(root, "proc/sys/vm/swappiness"), `${swappiness}\n`);
}

async function repair(...args: readonly string[]) {
	rmSync(join(directory, "up"), { force: true });
	const ended = await metaltune(["repair", "--stack", "dev", ...args], {
		cwd: directory,
		env: {
			...process.env,
			SSH_AUTH_SOCK: lab.agentSocket,
			PATH: `${join(directory, "bin")}:${process.env.PATH}`,
		},
	});
	const up = join(directory, "up");
	const words = existsSync(up) ? readFileSync(up, "utf8").split("\n") : [];
	return {
		...ended,
		words,
		targets: words.filter((word) => /^urn:/.test(word)),
	};
}

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "metaltune-repair-"));
	mkdirSync(join(directory, "bin"));
	write("bin/pulumi", standIn, 0o755);
	lab = await startSimulatedHosts({
		count: 2,
		directory: join(directory, "lab"),
		// Of this process, so that other labs on this machine are not in the way.
		firstPort: 27_000 + (process.pid % 1000) * 2,
	});
	declare(60);
	write(
		"export.json",
		exportOf(loadInventory(join(directory, "hosts"), sections)),
	);
	for (const { root } of lab.hosts) {
		writeFileSync(join(root, programPath), hostProgram("tuning").text, {
			mode: 0o755,
		});
		writeFileSync(
			join(root, "etc/sysctl.d/zz-metaltune.conf"),
			"vm.swappiness = 60\n",
		);
	}
});
beforeEach(() => {
	declare(60);
	write("config.json", "{}");
	write("code", "0\n");
	drifts("light-1", "7");
	drifts("light-2", "60");
});
afterAll(async () => {
	await lab?.stop();
	rmSync(directory, { recursive: true, force: true });
});

test("the host that drifted is deployed, all of it, and no other", async () => {
	const { code, targets } = await repair("--yes");
	expect(code).toBe(0);
	expect(targets.length).toBeGreaterThan(1);
	expect(targets.filter((urn) => !/::light-1(-apply)?$/.test(urn))).toEqual([]);
});

test("an undeployed change is refused by name, before and without up", async () => {
	declare(9);
	const { code, stdout, targets } = await repair("--yes");
	expect(code).toBe(2);
	expect(targets).toEqual([]);
	expect(stdout).not.toContain("nothing to repair");
	expect(stdout).toMatch(
		/^refused: light-1: expected .* got changes: sysctl\.vm\.swappiness 60 -> 9; deploy them with `pulumi up --refresh`/m,
	);
	expect(stdout).not.toContain("refused: light-2");
});

test("a host whose description is deployed is repaired beside it", async () => {
	drifts("light-2", "7");
	const path = join(directory, "hosts/lab.yaml");
	const text = readFileSync(path, "utf8");
	writeFileSync(
		path,
		text.replace("light-2:", "light-2:\n    rollout: { reboot: manual }"),
	);
	const { code, stdout, targets } = await repair("--yes");
	expect(code).toBe(2);
	expect(stdout).toMatch(
		/refused: light-2: .* rollout\.reboot auto -> manual;/,
	);
	expect(new Set(targets.map((urn) => urn.split("::").at(-1)))).toEqual(
		new Set(["light-1", "light-1-apply"]),
	);
	write("code", "3\n");
	expect(await repair("--yes")).toMatchObject({ code: 3 });
});

test("it is deployed too when that is said", async () => {
	declare(9);
	const ended = await repair("--yes", "--with-undeployed-changes");
	expect(ended.code).toBe(0);
	expect(ended.stdout).toMatch(
		/^deployed too: light-1: sysctl\.vm\.swappiness 60 -> 9$/m,
	);
	expect(ended.targets.length).toBeGreaterThan(1);
});

test("the inventory is that of the stack's config", async () => {
	declare(9, "others");
	const config = (values: object) =>
		write("config.json", JSON.stringify(values));
	config({ "metaltune:hosts": { value: "others", secret: false } });
	expect(await repair("--yes")).toMatchObject({ code: 2, targets: [] });
	config({ "metaltune:groups": { value: '["lab"]', secret: false } });
	expect(await repair("--yes")).toMatchObject({ code: 0 });
	config({ "metaltune:groups": { value: '["labs"]', secret: false } });
	const wrong = await repair("--yes");
	expect(wrong).toMatchObject({ code: 1, targets: [] });
	expect(wrong.stderr).toContain('"labs", did you mean lab?');
	config({ "metaltune:groups": { value: "lab", secret: false } });
	const text = await repair("--yes");
	expect(text).toMatchObject({ code: 1, targets: [] });
	expect(text.stderr).toContain("expected a list of group names");
});

test("a host that left the inventory is not taken out of the stack", async () => {
	const path = join(directory, "hosts/lab.yaml");
	const text = readFileSync(path, "utf8");
	writeFileSync(path, text.replace("light-1:", "light-3:"));
	for (const args of [[], ["--with-undeployed-changes"]]) {
		const { code, stdout, targets } = await repair("--yes", ...args);
		expect({ code, targets }).toEqual({ code: 2, targets: [] });
		expect(stdout).toMatch(/^refused: light-1: .* would destroy it;/m);
	}
});

function inState(change: (text: string) => string): () => void {
	const path = join(directory, "export.json");
	const before = readFileSync(path, "utf8");
	write("export.json", change(before));
	return () => write("export.json", before);
}

test("a host that is down is named, and the others are repaired", async () => {
	const port = String(lab.hosts[1]?.port);
	const restore = inState((text) =>
		text.replaceAll(`"port":${port}`, '"port":1'),
	);
	declare(60);
	const path = join(directory, "hosts/lab.yaml");
	writeFileSync(path, readFileSync(path, "utf8").replace(port, "1"));
	try {
		const ended = await repair("--yes");
		expect(ended.code).toBe(1);
		expect(ended.stdout).toMatch(
			/^left alone: light-2: unreachable: .*connection was refused/m,
		);
		expect(ended.targets.length).toBeGreaterThan(1);
		expect(ended.targets.some((urn) => urn.includes("light-2"))).toBe(false);
		drifts("light-1", "60");
		expect(await repair("--yes")).toMatchObject({ code: 1, targets: [] });
	} finally {
		restore();
	}
});

test("resources that the last up did not reach are completed", async () => {
	drifts("light-1", "60");
	const restore = inState((text) =>
		text.replace('"readyRevision":1}},{"urn"', '"readyRevision":0}},{"urn"'),
	);
	try {
		const ended = await repair("--yes");
		expect(ended).toMatchObject({ code: 0 });
		expect(ended.stdout).toMatch(
			/^repaired too: light-1: its last `pulumi up` did not complete$/m,
		);
		expect(ended.targets.every((urn) => urn.includes("light-1"))).toBe(true);
	} finally {
		restore();
	}
	const again = inState((text) => {
		const state = JSON.parse(text);
		const { deployment } = state;
		deployment.resources = deployment.resources.filter(
			({ urn }: { urn: string }) => !urn.endsWith("HostReady::light-2"),
		);
		return JSON.stringify(state);
	});
	try {
		const ended = await repair("--yes");
		expect(ended.targets).toContain(
			"urn:pulumi:dev::metaltune::metaltune:index:TunedHost$metaltune:index:HostReady::light-2",
		);
	} finally {
		again();
	}
});

test("a machine that was installed again is found by the inventory's new key", async () => {
	drifts("light-1", "60");
	const { hostKey } = lab.hosts[1] ?? { hostKey: "" };
	const { public: old } = keyPair();
	const restore = inState((text) => text.replaceAll(hostKey.trim(), old));
	try {
		const ended = await repair("--yes");
		expect(ended).toMatchObject({ code: 0 });
		expect(ended.stdout).toMatch(
			/^repaired too: light-2: answers by the host/m,
		);
		expect(ended.words).not.toContain("--refresh");
		expect(ended.targets.every((urn) => urn.includes("light-2"))).toBe(true);
	} finally {
		restore();
	}
});
