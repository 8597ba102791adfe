/** Accounts of every distribution: the files of shadow-utils. */
import { lines, type Node, type Nodes } from "./files";

const secret = (node: Node): Node => ({ ...node, mode: 0o640 });

export function accountFiles(): Nodes {
	const passwd = lines(
		"root:x:0:0:root:/root:/bin/bash",
		"daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin",
		"admin:x:1000:1000:Admin,,,:/home/admin:/bin/bash",
	);
	const group = lines(
		"root:x:0:",
		"daemon:x:1:",
		"sudo:x:27:admin",
		"admin:x:1000:",
	);
	const shadow = secret(
		lines(
			"root:*:20000:0:99999:7:::",
			"daemon:*:20000:0:99999:7:::",
			"admin:!:20001:0:99999:7:::",
		),
	);
	const gshadow = secret(
		lines("root:*::", "daemon:*::", "sudo:*::admin", "admin:!::"),
	);
	return {
		"etc/passwd": passwd,
		"etc/passwd-": passwd,
		"etc/group": group,
		"etc/group-": group,
		"etc/shadow": shadow,
		"etc/shadow-": shadow,
		"etc/gshadow": gshadow,
		"etc/subuid": lines("admin:100000:65536"),
		"etc/subgid": lines("admin:100000:65536"),
	};
}
