/** One page of a person's chats, as asked for over HTTP. Reads only. */
import type { z } from "zod";
import type { Database } from "@/db/client";
import { isRootOf, listChats } from "@/db/queries/chats";
import type { listChatsQuerySchema } from "@/lib/contract/chat-queries";
import type { Chat } from "@/lib/contract/chats";
import { ApiError } from "@/lib/contract/errors";

/** @throws ApiError `bad_request` for a cursor that is no root of the person. */
export async function listPage(
  db: Database,
  { ownerId, query }: { ownerId: string; query: z.output<typeof listChatsQuerySchema> },
): Promise<Chat[]> {
  const { limit, offset, after_id: afterId, archived, q: filter } = query;
  const chats = await listChats(db, { ownerId, limit, offset, afterId, archived, filter });
  // An unknown cursor looks like the end of the list; only then is it worth a second look.
  if (chats.length === 0 && afterId && !(await isRootOf(db, { chatId: afterId, ownerId }))) {
    const detail = `No agent of yours has the id ${afterId}. Start again without after_id.`;
    throw new ApiError("bad_request", `The query is not valid. after_id: ${detail}`, {
      validations: [{ field: "after_id", detail }],
    });
  }
  return chats;
}
