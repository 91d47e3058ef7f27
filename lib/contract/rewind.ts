/** Chat and files taken back together, as it goes over the wire. Loaded by browser and server. */
import { z } from "zod";
import { chatSchema } from "./chats";

const messageId = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** The message stays, what came after it goes. */
export const rewindSchema = z.strictObject({ message_id: messageId });

export const sharedChatSchema = z.object({ id: z.string(), title: z.string() });

/** `restored` · `unchanged`: they are as they were · `none`: nothing is known of that time · `pending`: before the next turn. */
export const REWOUND_FILES = ["restored", "unchanged", "none", "pending"] as const;

/** What a rewind would do. */
export const rewindPreviewSchema = z.object({
  message_id: z.number().int(),
  /** Messages that a person sees and that would go. */
  message_count: z.number().int(),
  /** There is a snapshot of that time. Ignored files are in none. */
  restores_files: z.boolean(),
  /** Why files would stay as they are, or null. */
  files_message: z.string().nullable(),
  /** Other chats that work in the same files. */
  shared_with: z.array(sharedChatSchema),
  /** Why it cannot be done now, or null. */
  refusal: z.string().nullable(),
  /** The latest rewind can still be undone. */
  can_undo: z.boolean(),
});
export type RewindPreview = z.infer<typeof rewindPreviewSchema>;

/** The chat after it, and what was done. */
export const rewoundSchema = chatSchema.extend({
  rewind: z.object({
    message_id: z.number().int(),
    deleted_message_ids: z.array(z.number().int()),
    /** Of an undo. */
    restored_message_ids: z.array(z.number().int()),
    files: z.enum(REWOUND_FILES),
    shared_with: z.array(sharedChatSchema),
    can_undo: z.boolean(),
  }),
});
export type Rewound = z.infer<typeof rewoundSchema>;
