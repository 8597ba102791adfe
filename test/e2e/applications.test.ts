/**
 * The five systems whole, scaled to the lab's machine: tuned, rebooted and
 * deployed in one `up`. A program that stands for the binaries says what the
 * kernel gave it, and the checklist of the guide is gone through.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { metaltune } from "../bin/cli";
import { done, type MetalLab, startMetalLab } from "./lab";

const checkout = join(__dirname, "../..");

/** set_mempolicy(2) and sched(7) by number. */
const bind = 2;
const interleave = 3;
const local = 4;
const fifo = 1;

interface Thread {
	readonly name: string;
	readonly cpus: string;
	readonly policy: number;
	readonly priority: number;
	readonly nice: number;
	readonly memory: number;
	/** A bit per node. */
	readonly nodes: number;
}

/** What standIn.c writes. */
interface StandIn {
	readonly uid: number;
	/** -1 without a page. */
	readonly hugePageNode: number;
	readonly pageNode: number;
	readonly xdpSocket: boolean;
	readonly args: readonly string[];
	readonly settings: readonly string[];
	readonly nofile: string;
	readonly memlock: string;
	readonly rtprio: string;
	readonly threads: readonly Thread[];
}

type Expected = Partial<Omit<StandIn, "threads">> & {
	/** Of every thread that is not named. */
	readonly all: Partial<Thread>;
	readonly threads?: { readonly [name: string]: Partial<Thread> };
};

const systems: {
	readonly [profile: string]: { readonly [application: string]: Expected };
} = {
	"fx-store": {
		"fx-store": {
			args: ["server"],
			hugePageNode: 1,
			pageNode: 1,
			memlock: "unlimited",
			xdpSocket: false,
			all: { cpus: "6", memory: bind, nodes: 0b10 },
		},
		"fx-store-network": {
			args: ["network", "--mode", "af_xdp", "--queues", "8"],
			xdpSocket: true,
			pageNode: 1,
			all: { cpus: "4", memory: bind, nodes: 0b10 },
		},
	},
	alphapulse: {
		"alphapulse-collector": {
			hugePageNode: 1,
			pageNode: 1,
			memlock: "unlimited",
			all: { nice: -20, memory: local },
			threads: {
				"collector-0": { cpus: "4" },
				"orderbook-0": { cpus: "6" },
				"network-0": { cpus: "6" },
			},
		},
	},
	raven: {
		"market-data-server": {
			nofile: "65536",
			pageNode: 0,
			all: { cpus: "0,1,2,3", memory: bind, nodes: 0b01 },
		},
	},
	"solana-mev": {
		"mev-engine": {
			hugePageNode: 0,
			pageNode: 0,
			rtprio: "99",
			all: { cpus: "2,3", policy: fifo, priority: 99, memory: bind },
		},
		clickhouse: {
			args: ["--config-file=/etc/clickhouse-server/config.xml"],
			nofile: "500000",
			pageNode: 1,
			all: { cpus: "4,5,6,7", memory: local },
		},
	},
	ruvector: {
		"ruvector-server": {
			settings: ["2", "warn"],
			nofile: "65536",
			pageNode: 0,
			all: { cpus: "0,2", memory: bind, nodes: 0b01 },
		},
	},
	"ruvector-interleave": {
		"ruvector-server": {
			settings: ["4", "warn"],
			all: { cpus: "0,2,4,6", memory: interleave, nodes: 0b11 },
		},
	},
};

/** The profiles, their variants for the lab, and the program, in the project. */
function furnish(directory: string): void {
	for (const path of ["hosts/profiles", "test/e2e/profiles"]) {
		cpSync(join(checkout, path), join(directory, path), { recursive: true });
	}
	mkdirSync(join(directory, "artifacts"), { recursive: true });
	execFileSync("gcc", [
		...["-Wall", "-Wextra", "-Werror", "-O2", "-static", "-pthread"],
		...["-o", join(directory, "artifacts/stand-in")],
		join(__dirname, "standIn.c"),
	]);
}

describe.each(Object.entries(systems))("%s", (profile, applications) => {
	let lab: MetalLab;

	beforeAll(async () => {
		lab = await startMetalLab();
		furnish(lab.directory);
		lab.declare({
			extends: `../test/e2e/profiles/${profile}`,
			// An emulated machine may take minutes to let somebody in.
			rollout: { rollbackSeconds: 900, rebootTimeoutSeconds: 1800 },
		});
		await done(lab.up());
	});
	afterAll(() => lab?.remove());

	test("everything is in effect, but for what this machine cannot have", async () => {
		const { verdicts, unsupported } = await lab.readiness();
		const all = Object.keys(verdicts).toSorted();
		expect(all.filter((verdict) => verdict !== "unsupported")).toEqual(["ok"]);
		expect(
			Object.keys(unsupported).filter(
				(id) => !/^cpuFrequency\.|\.coalescing\.adaptive[RT]x$/.test(id),
			),
		).toEqual([]);
	});

	test.each(Object.entries(applications))(
		"%s says that it got what was declared",
		async (name, { all, threads = {}, ...expected }) => {
			const said: StandIn = JSON.parse(await lab.read(`/dev/shm/${name}.json`));
			expect(said).toMatchObject(expected);
			expect(said.uid).toBeGreaterThan(0);
			for (const thread of said.threads) {
				const own = threads[thread.name] ?? {};
				expect(thread).toMatchObject({ ...all, ...own });
			}
			expect(said.threads.map((thread) => thread.name)).toEqual(
				expect.arrayContaining(Object.keys(threads)),
			);
		},
	);

	test("the guide's checklist holds", async () => {
		const run = await metaltune(["ready", "metal"], {
			cwd: lab.directory,
			env: process.env,
		});
		expect(run.stdout).not.toMatch(/not ok|could not tell/);
		expect(run).toMatchObject({ code: 0, stderr: "" });
	});

	test("a refresh has nothing to say, and all of it can be taken back", async () => {
		await done(lab.drift());
		await done(lab.destroy());
		const left = await lab.machine.ssh(
			"ls -d /opt/metaltune /etc/metaltune /etc/systemd/system/metaltune* 2>/dev/null || :",
		);
		expect(left).toBe("");
	});
});
