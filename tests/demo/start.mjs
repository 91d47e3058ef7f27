/** `npm run demo` on a fresh clone: installs what is missing, then runs the demonstration. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled, pinnedNode } from "../../lib/server/install.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
await ensureInstalled(root, { development: true });
const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
const main = join(root, "tests/demo/main.ts");
const { status } = spawnSync(pinnedNode(root), [tsx, main, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
