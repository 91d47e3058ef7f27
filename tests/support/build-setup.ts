/** The product that end-to-end tests drive is built from the tree as it is. */
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "@/lib/server/build.mjs";

export default async function setup(): Promise<void> {
  await ensureBuilt(fileURLToPath(new URL("../..", import.meta.url)));
}
