/** What the tunables of network interfaces share. */
import { text } from "./scalars";

/** The kernel's name of an interface, at most 15 characters. */
export const interfaceName = text({
	description: "Name of a network interface",
	pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/,
	expected: "the name of a network interface such as eth0",
});
