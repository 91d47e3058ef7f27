/** What answering a paused chat reads and writes besides its messages. Called inside a transition, under the run's lock. */
import type { SqlExecutor } from "@/db/client";

/** Whether the caller's time is over, by the database's clock. Primary key. */
export async function isAnswerOverdue(tx: SqlExecutor, { chatId }: { chatId: string }): Promise<boolean> {
  const rows = await tx`SELECT FROM chat_runs WHERE chat_id = ${chatId} AND answer_due_at <= clock_timestamp()`;
  return rows.length > 0;
}

/** A chat that is in this mode already is not written. */
export async function setPlanMode(
  tx: SqlExecutor,
  { chatId, planMode }: { chatId: string; planMode: boolean },
): Promise<void> {
  await tx`UPDATE chats SET plan_mode = ${planMode} WHERE id = ${chatId} AND plan_mode <> ${planMode}`;
}
