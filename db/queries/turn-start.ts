/** What a turn starts from besides the chat's facts: its prompt, its model, the settings. Reads only. */
import type { SqlExecutor } from "@/db/client";
import { type HistoryRow, type KnownPrompt, readPrompt } from "./chat-history";
import { findServedModel, type ServedModel } from "./model-configs";
import { findRunSettings, type RunSettings } from "./user-settings";

export type TurnStart = {
  /** The whole prompt, in its order. */
  rows: HistoryRow[];
  /** Undefined: no model is configured. */
  served: ServedModel | undefined;
  settings: RunSettings;
};

/** Three statements at once, by primary keys. In a transaction they see what it wrote. Sent when it is called. */
export async function readTurnStart(
  sql: SqlExecutor,
  { chatId, known }: { chatId: string; known?: KnownPrompt | undefined },
): Promise<TurnStart> {
  const [rows, served, settings] = await Promise.all([
    readPrompt(sql, { chatId, known }),
    findServedModel(sql, { chatId }),
    findRunSettings(sql, { chatId }),
  ]);
  return { rows, served, settings };
}
