/** The entry program of `slipway`: reads its words, reports a failure in one line. Decides nothing. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnv } from "@/lib/env";
import { log } from "@/lib/log";
import { runCommand } from "./command";

/** The bundle lies in `.build/`, one below the checkout. */
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

async function main(): Promise<void> {
  const env = readEnv();
  log.setLevel(env.LOG_LEVEL);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  await runCommand(process.argv.slice(2), { env, root, version, print: (line) => console.log(line) });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
