import { users } from "../../tunables/users";
import { describeTunable } from "../support/tunableContract";

const passwd = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
admin:x:1000:1000:Admin,,,:/home/admin:/bin/bash
`;
const group = (sudo: string) => `root:x:0:
daemon:x:1:
sudo:x:27:${sudo}
admin:x:1000:
`;

describeTunable(users, [
	{
		name: "a system account in a new group",
		yaml: `
groups: {hugetlb: {gid: 600}}
fx: {system: true, shell: /usr/sbin/nologin, groups: [hugetlb]}
`,
		after: {
			"etc/passwd": `${passwd}fx:x:999:999::/home/fx:/usr/sbin/nologin\n`,
			"etc/group": `${group("admin")}hugetlb:x:600:fx\nfx:x:999:\n`,
		},
		drifts: [
			{
				name: "another shell",
				change: {
					"etc/passwd": `${passwd}fx:x:999:999::/home/fx:/bin/bash\n`,
				},
				finds: { "users.user.fx.shell": "liveDrift" },
			},
			{
				name: "a lost membership",
				change: {
					"etc/group": `${group("admin")}hugetlb:x:600:\nfx:x:999:\n`,
				},
				finds: { "users.user.fx.groups.hugetlb": "liveDrift" },
			},
		],
		shrunk: {
			yaml: "groups: {hugetlb: {gid: 600}}",
			restores: {
				"etc/passwd": passwd,
				"etc/group": `${group("admin")}hugetlb:x:600:\n`,
			},
		},
	},
	{
		name: "a person with a home, and one who was there",
		yaml: `
groups: {fx: {}}
fx: {uid: 1500, home: /srv/homes/fx, groups: [sudo]}
admin: {shell: /bin/sh, home: /srv/admin, groups: [daemon]}
`,
		after: {
			"etc/passwd": `${passwd.replace("/home/admin:/bin/bash", "/srv/admin:/bin/sh")}fx:x:1500:1001::/srv/homes/fx:/bin/sh\n`,
			"srv/homes/fx": "",
			"srv/admin": undefined,
		},
		shrunk: {
			yaml: "admin: {groups: [daemon]}",
			restores: { "etc/passwd": passwd },
		},
	},
	{
		name: "an account whose number is another",
		yaml: "{admin: {uid: 1001}, groups: {sudo: {gid: 28}}}",
		after: { "etc/passwd": passwd },
		verdicts: {
			"users.group.sudo.gid": "liveDrift",
			"users.user.admin.uid": "liveDrift",
		},
		fails:
			/admin\.uid: is 1000; the number of an account that is there is never changed/,
	},
	{
		name: "a number that is taken",
		yaml: "fx: {uid: 1000}",
		after: { "etc/passwd": passwd },
		verdicts: {
			"users.user.fx": "liveDrift",
			"users.user.fx.uid": "liveDrift",
		},
		fails: /useradd: UID 1000 is not unique/,
	},
]);
