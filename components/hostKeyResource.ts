/**
 * The resource class of `metaltune:index:HostKey`; provider/hostKeyProvider.ts
 * implements it.
 */
import * as pulumi from "@pulumi/pulumi";

export class HostKey extends pulumi.CustomResource {
	/** `ssh-ed25519 BASE64`. */
	declare readonly publicKey: pulumi.Output<string>;
	/** In OpenSSH's format; always a secret. */
	declare readonly privateKey: pulumi.Output<string>;

	constructor(name: string, options: pulumi.CustomResourceOptions) {
		super(
			"metaltune:index:HostKey",
			name,
			{ host: name, publicKey: undefined, privateKey: undefined },
			{ ...options, additionalSecretOutputs: ["privateKey"] },
		);
	}
}
