/** Loaded before a program that is not bundled (`--import`), so that it has the driver as the product has it. */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { repairDriver } from "../../lib/server/driver-patch.mjs";

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith("file:") || !loaded.source) return loaded;
    const source = repairDriver(fileURLToPath(url), String(loaded.source));
    return source === undefined ? loaded : { ...loaded, source };
  },
});
