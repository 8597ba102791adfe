/** The Pulumi program: turns the inventory into a fleet. */
import { Fleet, loadInventory } from "./components/exports";

/** Host name to its status. */
export const { status } = new Fleet("fleet", loadInventory());
