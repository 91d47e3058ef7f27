/** Files that people attach to messages and agents to their answers. The bytes are in the data directory, under the id. */
import { bigint, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { chats } from "./chats";
import { createdAt } from "./columns";
import { users } from "./people";

export const chatFiles = pgTable(
  "chat_files",
  {
    id: uuid().primaryKey(),
    ownerId: uuid()
      .notNull()
      .references(() => users.id),
    name: text().notNull(),
    mediaType: text().notNull(),
    sizeBytes: bigint({ mode: "number" }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("chat_files_created_at").on(table.createdAt)],
);

/** The chats whose messages name a file. A file without any is swept after a day. */
export const chatFileLinks = pgTable(
  "chat_file_links",
  {
    fileId: uuid()
      .notNull()
      .references(() => chatFiles.id),
    chatId: uuid()
      .notNull()
      .references(() => chats.id, { onDelete: "cascade" }),
  },
  (table) => [primaryKey({ columns: [table.fileId, table.chatId] }), index("chat_file_links_chat_id").on(table.chatId)],
);
