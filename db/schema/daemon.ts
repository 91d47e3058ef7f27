/** Worker processes and their leases: one row per process, so that a heartbeat costs O(processes). */
import { bigint, boolean, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt } from "./columns";

export const workers = pgTable("workers", {
  id: uuid().primaryKey(),
  installId: uuid().notNull(),
  bootId: uuid().notNull(),
  version: text().notNull(),
  /** Key of the session advisory lock the worker holds on a connection of its own. */
  lockKey: bigint({ mode: "number" }).notNull(),
  heartbeatAt: createdAt(),
  draining: boolean().notNull().default(false),
  startedAt: createdAt(),
});
