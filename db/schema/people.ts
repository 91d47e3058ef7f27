/** People, their sessions and API tokens. Secrets are stored as hashes only. */
import { sql } from "drizzle-orm";
import { boolean, check, index, jsonb, pgEnum, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { NotificationSettings } from "@/lib/contract/settings";
import { TOKEN_SCOPES, USER_ROLES } from "@/lib/contract/users";
import { createdAt, instant } from "./columns";

export const userRole = pgEnum("user_role", USER_ROLES);
export const tokenScope = pgEnum("token_scope", TOKEN_SCOPES);

export const users = pgTable(
  "users",
  {
    id: uuid().primaryKey(),
    email: text().notNull(),
    username: text().notNull(),
    name: text().notNull().default(""),
    role: userRole().notNull().default("member"),
    /** Null: this person cannot sign in with a password. */
    passwordHash: text(),
    avatarUrl: text(),
    suspended: boolean().notNull().default(false),
    /** Set: the account is gone, for good. The row stays, suspended and without an address, because its agents cost money. */
    deletedAt: instant(),
    /** Of a deleted person: when the last agent was archived. */
    agentsEndedAt: instant(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (table) => [
    uniqueIndex("users_email_unique").on(sql`lower(${table.email})`).where(sql`deleted_at IS NULL`),
    uniqueIndex("users_username_unique").on(sql`lower(${table.username})`).where(sql`deleted_at IS NULL`),
    index("users_ending").on(table.deletedAt).where(sql`deleted_at IS NOT NULL AND agents_ended_at IS NULL`),
    check("users_deleted_suspended", sql`${table.deletedAt} IS NULL OR ${table.suspended}`),
  ],
);

export const sessions = pgTable(
  "sessions",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** SHA-256 of the cookie's value. */
    tokenHash: text().notNull().unique(),
    userAgent: text().notNull().default(""),
    createdAt: createdAt(),
    lastSeenAt: createdAt(),
    expiresAt: instant().notNull(),
  },
  (table) => [index("sessions_user_id").on(table.userId)],
);

export const apiTokens = pgTable(
  "api_tokens",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text().notNull(),
    /** SHA-256 of the token. */
    tokenHash: text().notNull().unique(),
    /** Null: everything the person may do. */
    scopes: tokenScope().array(),
    createdAt: createdAt(),
    lastUsedAt: instant(),
    expiresAt: instant(),
  },
  (table) => [index("api_tokens_user_id").on(table.userId)],
);

/** What a person chose for themselves. No row: the defaults. */
export const userSettings = pgTable("user_settings", {
  userId: uuid()
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  /** Instructions that every one of their agents gets. */
  prompt: text().notNull().default(""),
  /** By model configuration: percent of the context limit. */
  compactionThresholds: jsonb().$type<Record<string, number>>().notNull().default({}),
  notifications: jsonb().$type<Partial<NotificationSettings>>().notNull().default({}),
  updatedAt: createdAt(),
});

/** Facts of the installation: install id, secret key check, setup token hash. */
export const settings = pgTable("settings", {
  key: text().primaryKey(),
  value: jsonb().notNull(),
  updatedAt: createdAt(),
});

/** First results of idempotent POSTs, per person and route, kept for 24 hours. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    route: text().notNull(),
    key: text().notNull(),
    bodyHash: text().notNull(),
    /** Null while the first request is still being answered (same transaction as its effect). */
    response: jsonb(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("idempotency_keys_unique").on(table.userId, table.route, table.key),
    index("idempotency_keys_created_at").on(table.createdAt),
  ],
);
