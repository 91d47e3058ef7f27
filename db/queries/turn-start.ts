/** What a turn starts from besides the chat's facts: its prompt, its model, the settings. Reads only. */
import type { SqlExecutor } from "@/db/client";
import { type KnownPrompt, type Prompt, readPrompt } from "./chat-history";
import { findServedModel, type ServedModel } from "./model-configs";
import { findRunSettings, type RunSettings } from "./user-settings";

export type TurnStart = {
  prompt: Prompt;
  /** Undefined: no model is configured. */
  served: ServedModel | undefined;
  settings: RunSettings;
};

/** Three statements at once, by primary keys. In a transaction they see what it wrote. Sent when it is called. */
export async function readTurnStart(
  sql: SqlExecutor,
  { chatId, known }: { chatId: string; known?: KnownPrompt | undefined },
): Promise<TurnStart> {
  const [prompt, served, settings] = await Promise.all([
    readPrompt(sql, { chatId, known }),
    findServedModel(sql, { chatId }),
    findRunSettings(sql, { chatId }),
  ]);
  return { prompt, served, settings };
}
