/** Every rule, in the order in which lists and tables show them. */
import { type Rule, topics } from "./rule";
import { addressesUnique } from "./rules/addressesUnique";
import { applicationCpusIsolated } from "./rules/applicationCpusIsolated";
import { applicationLimits } from "./rules/applicationLimits";
import { applicationOnNicNode } from "./rules/applicationOnNicNode";
import { applicationsApart } from "./rules/applicationsApart";
import { bootCpu } from "./rules/bootCpu";
import { channelsMatchCpus } from "./rules/channelsMatchCpus";
import { cpusExist } from "./rules/cpusExist";
import { ec2Encrypted } from "./rules/ec2Encrypted";
import { ec2ImdsV2 } from "./rules/ec2ImdsV2";
import { ec2MetalType } from "./rules/ec2MetalType";
import { ec2PlacementGroup } from "./rules/ec2PlacementGroup";
import { ec2SshNotPublic } from "./rules/ec2SshNotPublic";
import { ec2Tags } from "./rules/ec2Tags";
import { exceptionsExpired } from "./rules/exceptionsExpired";
import { exceptionsInForce } from "./rules/exceptionsInForce";
import { exceptionsNamed } from "./rules/exceptionsNamed";
import { fixedCoalescing } from "./rules/fixedCoalescing";
import { hostKeyPinned } from "./rules/hostKeyPinned";
import { hostKeysUnique } from "./rules/hostKeysUnique";
import { housekeepingCpus } from "./rules/housekeepingCpus";
import { hugePagesOnCpuNode } from "./rules/hugePagesOnCpuNode";
import { interruptsMoved } from "./rules/interruptsMoved";
import { interruptsOffApplications } from "./rules/interruptsOffApplications";
import { interruptsOnNicNode } from "./rules/interruptsOnNicNode";
import { interruptsPlaced } from "./rules/interruptsPlaced";
import { irqbalanceKeepsOff } from "./rules/irqbalanceKeepsOff";
import { isolatedSiblings } from "./rules/isolatedSiblings";
import { isolationAgrees } from "./rules/isolationAgrees";
import { kernelParametersSame } from "./rules/kernelParametersSame";
import { managementNic } from "./rules/managementNic";
import { memoryFits } from "./rules/memoryFits";
import { memoryOnCpuNode } from "./rules/memoryOnCpuNode";
import { mitigations } from "./rules/mitigations";
import { nicMaxima } from "./rules/nicMaxima";
import { nodesExist } from "./rules/nodesExist";
import { noPasswords } from "./rules/noPasswords";
import { nosmtParameter } from "./rules/nosmtParameter";
import { numaBalancing } from "./rules/numaBalancing";
import { realTimeDecided } from "./rules/realTimeDecided";
import { requiredHugePages } from "./rules/requiredHugePages";
import { rolesIdentical } from "./rules/rolesIdentical";
import { rolloutLimited } from "./rules/rolloutLimited";
import { shardsApart } from "./rules/shardsApart";
import { smtNumbering } from "./rules/smtNumbering";
import { socketBuffers } from "./rules/socketBuffers";
import { topologyDeclared } from "./rules/topologyDeclared";
import { transparentHugePages } from "./rules/transparentHugePages";
import { xdpOffloads } from "./rules/xdpOffloads";

const judging: readonly Rule[] = [
	bootCpu,
	housekeepingCpus,
	isolationAgrees,
	cpusExist,
	smtNumbering,
	isolatedSiblings,
	topologyDeclared,
	interruptsOffApplications,
	interruptsPlaced,
	interruptsMoved,
	interruptsOnNicNode,
	channelsMatchCpus,
	nicMaxima,
	fixedCoalescing,
	irqbalanceKeepsOff,
	xdpOffloads,
	managementNic,
	nodesExist,
	memoryFits,
	requiredHugePages,
	memoryOnCpuNode,
	hugePagesOnCpuNode,
	applicationOnNicNode,
	transparentHugePages,
	numaBalancing,
	socketBuffers,
	applicationCpusIsolated,
	applicationsApart,
	realTimeDecided,
	applicationLimits,
	hostKeyPinned,
	noPasswords,
	mitigations,
	nosmtParameter,
	rolloutLimited,
	shardsApart,
	rolesIdentical,
	kernelParametersSame,
	addressesUnique,
	hostKeysUnique,
	ec2MetalType,
	ec2ImdsV2,
	ec2Encrypted,
	ec2SshNotPublic,
	ec2PlacementGroup,
	ec2Tags,
];

/** Rules that allow exceptions; resources cannot record any. */
const names = judging
	.filter(({ scope }) => scope !== "resource")
	.map(({ name }) => name);

export const rules: readonly Rule[] = [
	...judging,
	exceptionsInForce(names),
	exceptionsExpired,
	exceptionsNamed(names),
].toSorted((a, b) => topics.indexOf(a.topic) - topics.indexOf(b.topic));
