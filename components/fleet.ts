/** Every host of a stack, and what is known of each once it is ready. */
import * as pulumi from "@pulumi/pulumi";
import type { HostSpec } from "../inventory/hostSpec";
import type { Readiness } from "../provider/verification";
import { TunedHost } from "./tunedHost";

export class Fleet extends pulumi.ComponentResource {
	/** Host name to what was proved of it. */
	readonly readiness: pulumi.Output<{ readonly [host: string]: Readiness }>;

	constructor(name: string, specs: readonly HostSpec[]) {
		super("metaltune:index:Fleet", name);
		const hosts = specs.map((spec) => {
			const host = new TunedHost(spec, { parent: this });
			return [spec.name, host.readiness] as const;
		});
		this.readiness = pulumi.output(Object.fromEntries(hosts));
		this.registerOutputs({});
	}
}
