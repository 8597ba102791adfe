import { smt } from "../../tunables/smt";
import { describeTunable } from "../support/tunableContract";

const cpu = "sys/devices/system/cpu";
const control = `${cpu}/smt/control`;
const active = `${cpu}/smt/active`;

describeTunable(smt, [
	{
		name: "off",
		yaml: "off",
		after: {
			[control]: "off\n",
			[active]: "0\n",
			[`${cpu}/online`]: "0-7\n",
			[`${cpu}/cpu8/online`]: "0\n",
		},
		drifts: [
			{
				name: "SMT switched on",
				change: { [control]: "on\n", [active]: "1\n" },
				finds: { "smt.control": "liveDrift" },
			},
			{
				name: "metaltune.service disabled",
				change: {
					"etc/systemd/system/multi-user.target.wants/metaltune.service":
						undefined,
				},
				finds: { "smt.control": "bootDrift" },
			},
		],
	},
	{
		name: "on",
		yaml: "on",
		after: { [control]: "on\n" },
		drifts: [
			{
				name: "SMT switched off",
				change: { [control]: "off\n", [active]: "0\n" },
				finds: { "smt.control": "liveDrift" },
			},
		],
	},
	{
		name: "off is true where it is forced",
		yaml: "off",
		before: { [control]: "forceoff\n", [active]: "0\n" },
		after: { [control]: "forceoff\n" },
	},
	{
		name: "on cannot be had where off is forced",
		yaml: "on",
		before: { [control]: "forceoff\n", [active]: "0\n" },
		after: { [control]: "forceoff\n" },
		verdicts: { "smt.control": "unsupported" },
	},
	...["notsupported", "notimplemented"].flatMap((word) => [
		{
			name: `off is true where no core has a second thread (${word})`,
			yaml: "off",
			before: { [control]: `${word}\n`, [active]: "0\n" },
			after: { [control]: `${word}\n` },
		},
		{
			name: `on cannot be had where no core has a second thread (${word})`,
			yaml: "on",
			before: { [control]: `${word}\n`, [active]: "0\n" },
			after: { [control]: `${word}\n` },
			verdicts: { "smt.control": "unsupported" } as const,
		},
	]),
	{
		name: "threads that the kernel cannot switch",
		yaml: "off",
		before: { [control]: "notimplemented\n" },
		after: { [control]: "notimplemented\n" },
		verdicts: { "smt.control": "unsupported" },
	},
	{
		name: "a kernel without the switch",
		yaml: "off",
		before: { [control]: undefined },
		after: {},
		verdicts: { "smt.control": "unsupported" },
	},
]);
