// The Pulumi program: every host that hosts/ describes.
import { Fleet, loadInventory } from "metaltune";

// Host name to what the last `pulumi up` proved; `npx metaltune status` shows it.
export const { status } = new Fleet("fleet", loadInventory());
