import { xdp } from "../../tunables/xdp";
import { describeTunable } from "../support/tunableContract";

const object = "usr/local/lib/xdp_prog.o";
const attached = "sys/devices/pci0000:18/0000:18:00.0/net/eth0/xdp.lab";
const yaml =
	"eth0: {object: /usr/local/lib/xdp_prog.o, section: xdp, mode: generic}";
const foreign = "xdp 7 other 0123456789abcdef\n";

describeTunable(xdp, [
	{
		name: "a program in generic mode",
		yaml,
		before: { [object]: "an object with the section xdp\n" },
		after: {},
		drifts: [
			{
				name: "the program detached",
				change: { [attached]: undefined },
				finds: { "xdp.eth0.program": "liveDrift" },
			},
			{
				name: "another version of the object",
				change: { [object]: "a newer object with the section xdp\n" },
				finds: { "xdp.eth0.program": "liveDrift" },
			},
		],
		shrunk: { yaml: "{}", restores: { [attached]: undefined } },
	},
	{
		name: "a program that another tool attached, which stays",
		yaml,
		before: { [object]: "xdp\n", [attached]: foreign },
		after: { [attached]: foreign },
		verdicts: { "xdp.eth0.program": "liveDrift" },
		fails:
			/other is attached in native mode, but not by metaltune; detach it first[\s\S]*xdp\.eth0\.program +generic \/usr/,
	},
	{
		name: "an object that is not on the host",
		yaml,
		after: { [attached]: undefined },
		verdicts: { "xdp.eth0.program": "liveDrift" },
		fails: /the object \/usr\/local\/lib\/xdp_prog\.o is not on this host/,
	},
	{
		name: "an interface that is not there",
		yaml: yaml.replace("eth0", "eth7"),
		after: {},
		verdicts: { "xdp.eth7.program": "liveDrift" },
		fails: /no interface eth7 on this host/,
	},
]);
