/**
 * Decodes kernel parameters. Those that are CPU lists or sizes have a normal form, so
 * that values that the kernel reads as equal are equal texts.
 */
import {
	type Decoder,
	list,
	map,
	mismatch,
	record,
	union,
} from "../../inventory/decode/decoder";
import { boolean, scalarText, text } from "../../inventory/decode/scalars";
import type { Node } from "../../inventory/yaml/node";
import { CpuSetError, cpuListForm, parseCpuList } from "../../model/cpuSet";
import { kernelSize } from "../../model/kernelSize";
import type { ProblemSink } from "../../model/problem";
import type { Setting } from "../../model/settings";

/** A parameter with a normal form of its own. */
export type Parameter = Pick<Setting, "match" | "value">;

export type Parameters = { readonly [name: string]: Parameter };

const plain = /^[A-Za-z0-9_.,:/=@%+^-]*$/;

const value = map(scalarText("The parameter's value"), (typed, fail) =>
	plain.test(typed)
		? typed
		: fail(
				`expected letters, digits and _.,:/=@%+^- only, as the value becomes part of the boot loader's configuration, got ${JSON.stringify(typed)}`,
			),
);

const anyParameter: Decoder<Parameter> = union(
	[
		map(
			boolean("true: present without a value; false: not there"),
			(present) =>
				present
					? ({ match: "exact", value: "" } as const)
					: ({ match: "absent", value: "" } as const),
		),
		map(list(value, "One value per occurrence"), (values) => ({
			match: "exact" as const,
			value: values.join(" "),
		})),
		map(value, (typed) => ({ match: "exact" as const, value: typed })),
	],
	"Value of a kernel parameter",
);

/**
 * A list in normal form, or as typed where it has a stride, which keeps the
 * command line short.
 *
 * @throws CpuSetError when it is no list, or the empty one.
 */
function cpusOf(typed: string, takesStrides: boolean): string {
	if (/^(?:all|(?:\d+-)?N)(?:$|[:,])/m.test(typed.replaceAll(",", "\n"))) {
		throw new CpuSetError(
			`expected ${cpuListForm}, got ${JSON.stringify(typed)}; write the numbers of the CPUs, as kernels before 5.12 ignore a list with N or all`,
		);
	}
	const cpus = parseCpuList(typed);
	if (cpus === "") throw new CpuSetError("expected at least one CPU, got none");
	return takesStrides && typed.includes(":")
		? typed.replaceAll(/\s/g, "")
		: cpus;
}

function cpus(
	flags: readonly string[],
	takesStrides = true,
): Decoder<Parameter> {
	const description =
		flags.length === 0
			? "CPUs, as in 2-7,10"
			: "Flags and CPUs, as in managed_irq,domain,8-15";
	const form = scalarText(description);
	const expected = flags.length === 0 ? cpuListForm : form.expected;
	const scalar: Decoder<string> = {
		schema: { ...form.schema, type: ["string", "integer"] },
		expected,
		decode: (node, problems) =>
			node.kind === "scalar"
				? form.decode(node, problems)
				: mismatch(node, expected, problems),
	};
	return map(scalar, (typed, fail) => {
		const parts = typed.split(",");
		const start = parts.findIndex((part) => !flags.includes(part));
		const used = start === -1 ? parts : parts.slice(0, start);
		try {
			const list = cpusOf(parts.slice(used.length).join(","), takesStrides);
			return { match: "cpuSet", value: [...used, list].join(",") };
		} catch (error) {
			if (!(error instanceof CpuSetError)) throw error;
			if (flags.length === 0 || /at least one/.test(error.message)) {
				return fail(error.message);
			}
			return fail(
				`expected CPUs such as 8-15, after any of ${flags.join(", ")}; ${error.message}`,
			);
		}
	});
}

/** A size; `false` and text that is no size are as of any other parameter. */
const size: Decoder<Parameter> = map(anyParameter, (parameter) => ({
	...parameter,
	value: kernelSize(parameter.value) ?? parameter.value,
}));

/**
 * Applies only to the `hugepages=` after it; parameters are written in the order of
 * their names (Documentation/admin-guide/mm/hugetlbpage.rst).
 */
const hugepagesz: Decoder<Parameter> = {
	schema: { not: {} },
	expected:
		"pages of a size under tuning.hugePages, as in `1G: 8`, which writes the size before the number",
	decode: (node, problems) => mismatch(node, hugepagesz.expected, problems),
};

const known: { readonly [name: string]: Decoder<Parameter> } = {
	default_hugepagesz: size,
	hugepagesz,
	irqaffinity: cpus([]),
	isolcpus: cpus(["domain", "managed_irq", "nohz"]),
	kthread_cpus: cpus([]),
	log_buf_len: size,
	mem: size,
	nohz_full: cpus([]),
	rcu_nocbs: cpus([]),
	"systemd.cpu_affinity": cpus([], false),
	"workqueue.unbound_cpus": cpus([]),
};

const name = text({
	description: "Name of a kernel parameter",
	pattern: /^[A-Za-z][A-Za-z0-9_.-]*$/,
	expected: "the name of a kernel parameter such as isolcpus",
});

const description = "Parameters of the kernel command line";
const parameters = record(name, anyParameter, description);

/** The kernel treats - and _ in names as equal (kernel/params.c, parameq). */
const canonical = (written: string) => written.replaceAll("-", "_");

/** A parameter as it is written on the line; one word per value. */
const words = (key: string, { match, value: typed }: Parameter) =>
	match === "absent"
		? []
		: typed.split(" ").map((each) => (each === "" ? key : `${key}=${each}`));

/** COMMAND_LINE_SIZE of x86, arm64 and powerpc, without the zero at its end. */
const longest = 2047;

/** Parameters with a normal form are decoded by it, all others as typed. */
export const parametersDecoder: Decoder<Parameters> = {
	schema: {
		...parameters.schema,
		properties: Object.fromEntries(
			Object.entries(known).map(([key, { schema }]) => [key, schema]),
		),
	},
	expected: parameters.expected,
	decode: (node, problems) => {
		if (node.kind !== "map") {
			return mismatch(node, parameters.expected, problems);
		}
		const seen = new Map<string, string>();
		const decoded = node.entries.map((entry) => {
			const { key, keyAt } = entry;
			const [duplicate, decoder] = [
				seen.get(canonical(key)),
				known[canonical(key)] ?? anyParameter,
			];
			if (duplicate !== undefined) {
				problems
					.within(key)
					.report(
						keyAt,
						`the kernel reads ${key} and ${duplicate} as one parameter; remove one of the two`,
					);
			}
			seen.set(canonical(key), key);
			const one = record(name, decoder, description);
			const parameter = one.decode({ ...node, entries: [entry] }, problems);
			return parameter?.[key] && ([key, parameter[key]] as const);
		});
		const whole = decoded.filter((each) => each !== undefined);
		if (whole.length < decoded.length) return undefined;
		return short(Object.fromEntries(whole), node, problems);
	},
};

function short(decoded: Parameters, node: Node, problems: ProblemSink) {
	const line = Object.entries(decoded).flatMap(([key, each]) =>
		words(key, each),
	);
	const bytes = line.join(" ").length;
	if (bytes <= longest) return decoded;
	problems.report(
		node.at,
		`expected parameters of at most ${longest} bytes in all, as the kernel cuts off the rest of the line, got ${bytes}; write CPU lists with strides, such as 1-511:1/2, or remove parameters`,
	);
	return undefined;
}
