/** All that an inventory says of a host's settings, for whoever loads one. */
import type { Sections } from "../inventory/tunable";
import { tunables } from "../tunables/registry";
import { applications } from "./settings";

/** The tunables, and what is deployed once they are in effect. */
export const sections: Sections = { tunables, applications };

/** Names in the order in which the host program wants their settings. */
export const settingOrder: readonly string[] = [
	...tunables.map(({ name }) => name),
	applications.name,
];
