/** Full text over titles and messages as it goes over the wire. Loaded by browser and server. */
import { z } from "zod";
import { chatSchema } from "./chats";
import { MESSAGE_ROLES } from "./messages";

export const MAX_SEARCH_HITS = 50;

export const searchHitSchema = z.object({
  chat: chatSchema.pick({
    id: true,
    title: true,
    status: true,
    pause_reason: true,
    archived: true,
    parent_chat_id: true,
    root_chat_id: true,
    updated_at: true,
    diff_status: true,
  }),
  /** Null: the title matched. */
  message_id: z.number().int().nullable(),
  role: z.enum(MESSAGE_ROLES).nullable(),
  /** Of the message; of the chat when the title matched. */
  created_at: z.string(),
  /** A piece of the text around the first matches, as plain text. */
  snippet: z.string(),
  /** Where the words stand in the snippet: `[start, end)` in UTF-16 units. */
  highlights: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
});
export type SearchHit = z.infer<typeof searchHitSchema>;
