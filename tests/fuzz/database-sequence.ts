/** One random sequence against a new chat in a real database. */

import type { Sql } from "postgres";
import { createChat } from "@/lib/chats/create-chat";
import type { ChatWriter } from "@/lib/chats/transition";
import { createDatabaseProcess, type Line } from "./database-process";
import { createDatabaseSubject } from "./database-subject";
import { runSequence } from "./sequence";

export type People = { writer: ChatWriter; line: Line; ownerId: string; modelConfigId: string };

/** Long enough to fill a queue and to go around the states several times. */
const OPERATIONS = 40;

/** Of the process: none to three. */
const SLOTS_BELOW = 4;

/** @throws Error with seed, operations and both views at the first difference. */
export async function runDatabaseSequence(people: People, seed: number): Promise<void> {
  const { writer, line, ownerId, modelConfigId } = people;
  const { sql } = writer;
  await runSequence({
    seed,
    operations: OPERATIONS,
    slotsBelow: SLOTS_BELOW,
    createSubject: async ({ isChild, first, slots = 0 }) => {
      await leaveAlone(sql);
      const { chatId } = await createChat(writer, { ownerId, content: first, modelConfigId });
      if (isChild) {
        const { chatId: parentId } = await createChat(writer, { ownerId, content: "parent", modelConfigId });
        await sql`UPDATE chat_runs SET runnable_since = NULL WHERE chat_id = ${parentId}`;
        await sql`UPDATE chats SET parent_chat_id = ${parentId}, root_chat_id = ${parentId} WHERE id = ${chatId}`;
      }
      const process = await createDatabaseProcess({ writer, line, chatId, ownerId, slots });
      return createDatabaseSubject({ writer, chatId, ownerId, modelConfigId, process });
    },
  });
}

/** Chats of earlier sequences are not acquired, reaped or resumed in place of this one. */
async function leaveAlone(sql: Sql): Promise<void> {
  await sql`UPDATE chat_runs SET runnable_since = NULL, worker_id = NULL, runner_id = NULL, answer_due_at = NULL
    WHERE runnable_since IS NOT NULL OR worker_id IS NOT NULL OR answer_due_at IS NOT NULL`;
  await sql`UPDATE chats SET status = 'error', pause_reason = NULL WHERE pause_reason = 'spend_limit'`;
  await sql`DELETE FROM workers`;
}
