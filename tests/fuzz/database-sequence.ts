/** One random sequence against a new chat in a real database. */

import { createChat } from "@/lib/chats/create-chat";
import type { ChatWriter } from "@/lib/chats/transition";
import { createDatabaseSubject } from "./database-subject";
import { runSequence } from "./sequence";

export type People = { writer: ChatWriter; ownerId: string; modelConfigId: string };

/** Long enough to fill a queue and to go around the states several times. */
const OPERATIONS = 40;

/** @throws Error with seed, operations and both views at the first difference. */
export async function runDatabaseSequence({ writer, ownerId, modelConfigId }: People, seed: number): Promise<void> {
  const { sql } = writer;
  await runSequence({
    seed,
    operations: OPERATIONS,
    createSubject: async ({ isChild, first }) => {
      // Chats of earlier sequences must not be acquired in place of this one.
      await sql`UPDATE chat_runs SET runnable_since = NULL`;
      const { chatId } = await createChat(writer, { ownerId, content: first, modelConfigId });
      if (isChild) {
        const { chatId: parentId } = await createChat(writer, { ownerId, content: "parent", modelConfigId });
        await sql`UPDATE chat_runs SET runnable_since = NULL WHERE chat_id = ${parentId}`;
        await sql`UPDATE chats SET parent_chat_id = ${parentId}, root_chat_id = ${parentId} WHERE id = ${chatId}`;
      }
      return createDatabaseSubject({ writer, chatId, ownerId, modelConfigId });
    },
  });
}
