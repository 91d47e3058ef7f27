/** `npm run fuzz -- --seed N --sequences M`: more sequences of the state machine on a PostgreSQL of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createSql } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
import { log } from "@/lib/log";
import { createChatWriter } from "../support/chat-writer";
import { startCommitProxy } from "../support/commit-proxy";
import { runDatabaseSequence } from "./database-sequence";

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, sequences: { type: "string", default: "2000" } },
});
log.setLevel("error");
const first = wholeNumber("seed");
const sequences = wholeNumber("sequences");
const dataDir = await mkdtemp(join(tmpdir(), "slipway-fuzz-"));
const postgres = await startEmbeddedPostgres({ dataDir });
let failures = 0;
try {
  const folder = fileURLToPath(new URL("../../drizzle", import.meta.url));
  await migrateDatabase({ address: postgres.address, folder });
  const sql = createSql(postgres.address, { max: 4 });
  const proxy = await startCommitProxy(postgres.address);
  const line = { proxy, sql: createSql(proxy.address, { max: 4 }) };
  const people = { ...(await createChatWriter(sql)), line };
  for (let seed = first; seed < first + sequences; seed++) {
    try {
      await runDatabaseSequence(people, seed);
    } catch (error) {
      failures += 1;
      console.error(error instanceof Error ? error.message : error);
      console.error(`Again with: npm run fuzz -- --seed ${seed} --sequences 1`);
    }
    const done = seed - first + 1;
    if (done % 500 === 0) console.log(`${done} of ${sequences} sequences, ${failures} failed`);
  }
  await Promise.all([sql.end(), line.sql.end()]);
  await proxy.close();
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
console.log(`${sequences - failures} sequences equal the reference model, ${failures} do not`);
process.exit(failures > 0 ? 1 : 0);

function wholeNumber(name: "seed" | "sequences"): number {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${name} takes a whole number; received ${values[name]}.`);
  process.exit(2);
}
