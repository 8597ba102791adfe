/** All sections of an inventory about a host's settings, for its loaders. */
import type { Sections } from "../inventory/tunable";
import { tunables } from "../tunables/registry";
import { applications } from "./applicationSettings";

/** The tunables, and what is deployed once they are in effect. */
export const sections: Sections = { tunables, applications };

/** Names in the order in which the host program needs their settings. */
export const settingOrder: readonly string[] = [
	...tunables.map(({ name }) => name),
	applications.name,
];
