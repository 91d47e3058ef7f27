/** Removes files that no chat names, and bytes that no row knows. Looks now and then; never at a file of today. */
import type { SqlExecutor } from "@/db/client";
import { deleteOrphanedFiles, listKnownFiles } from "@/db/queries/chat-files";
import type { Clock } from "@/lib/clock";
import { failpoint } from "@/lib/failpoint";
import type { FileStore } from "@/lib/file-store";
import { log } from "@/lib/log";

/** What nobody needs may lie about for an hour longer. */
const SWEEP_MS = 60 * 60 * 1_000;
/** An upload writes its bytes moments before its row. */
const UNKNOWN_AFTER_MS = 60 * 60 * 1_000;

type Sweep = { sql: SqlExecutor; files: FileStore };

/** Sweeps until the signal is aborted. Never rejects. */
export async function keepSweepingFiles(options: Sweep & { clock: Clock; signal: AbortSignal }): Promise<void> {
  const { clock, signal } = options;
  while (!signal.aborted) {
    await clock.sleep(SWEEP_MS, signal).catch(() => {});
    if (signal.aborted) return;
    await sweepFiles(options).catch((error) => log.warn("files were not swept", { err: error }));
  }
}

/** Rows first: bytes without a row are found again, a row without bytes would be a broken file. Returns how many went. */
export async function sweepFiles({ sql, files }: Sweep): Promise<number> {
  let count = 0;
  for (;;) {
    const orphans = await failpoint("files.sweep", () => deleteOrphanedFiles(sql));
    for (const id of orphans) await files.delete(id);
    count += orphans.length;
    if (orphans.length < 100) break;
  }
  const names = await files.listOlderThan(UNKNOWN_AFTER_MS);
  for (let at = 0; at < names.length; at += 1_000) {
    const some = names.slice(at, at + 1_000);
    const known = await listKnownFiles(sql, { ids: some.filter((name) => name.length === 36) });
    for (const name of some.filter((each) => !known.has(each))) {
      await files.delete(name);
      count += 1;
    }
  }
  return count;
}
