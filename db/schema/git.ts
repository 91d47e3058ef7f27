/** Git hosting: linked accounts and keys, rate limits, deliveries, what a pull request told its chat, and snapshots of files. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { EXTERNAL_AUTH_KINDS } from "@/lib/contract/external-auth";
import { chats } from "./chats";
import { createdAt, instant } from "./columns";
import { users } from "./people";
import { workspaces } from "./workspaces";

export const externalAuthKind = pgEnum("external_auth_kind", EXTERNAL_AUTH_KINDS);

/** A person's account on a configured git host. */
export const externalAuthLinks = pgTable(
  "external_auth_links",
  {
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** `SLIPWAY_EXTERNAL_AUTH_<n>_ID`. */
    providerId: text().notNull(),
    kind: externalAuthKind().notNull(),
    /** AES-256-GCM, bound to this row. */
    tokenCiphertext: text().notNull(),
    /** AES-256-GCM, bound to this row; null for a pasted token, or where the host gives none. */
    refreshCiphertext: text(),
    /** Null: the token does not end by itself. */
    expiresAt: instant(),
    scopes: text().array().notNull().default([]),
    accountLogin: text().notNull(),
    accountName: text().notNull().default(""),
    /** What the host accepts as this account's address in commits. */
    accountEmail: text().notNull().default(""),
    accountAvatarUrl: text(),
    /** Why the host refused the token, for a person; null while it works. */
    failure: text(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.providerId] })],
);

/** An authorisation that was begun in a browser and not yet answered. */
export const externalAuthAttempts = pgTable(
  "external_auth_attempts",
  {
    /** SHA-256 of OAuth's `state`. */
    stateHash: text().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    providerId: text().notNull(),
    /** PKCE's verifier: AES-256-GCM, bound to this row. */
    verifierCiphertext: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("external_auth_attempts_created_at").on(table.createdAt)],
);

/** A person's key for one ssh host. It signs in the server only. */
export const sshKeys = pgTable(
  "ssh_keys",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** `host`, or `host:port` where that is not 22; in lower case. */
    host: text().notNull(),
    /** For remotes that name none. */
    username: text().notNull(),
    /** As it stands in an `authorized_keys`. */
    publicKey: text().notNull(),
    /** PKCS 8, AES-256-GCM, bound to this row. */
    privateKeyCiphertext: text().notNull(),
    /** The host's own key as it was seen first, `type base64`: another one is refused. Null: not seen yet. */
    hostKey: text(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("ssh_keys_user_id_host").on(table.userId, table.host)],
);

/** Until when a git host asked not to be asked. Kept here so that every process and every restart respects it. */
export const gitRateLimits = pgTable("git_rate_limits", {
  /** `provider id:user id`, whose token is limited. */
  scope: text().primaryKey(),
  until: instant().notNull(),
});

/** Deliveries of webhooks that were accepted, so that a replay does nothing. */
export const gitWebhookDeliveries = pgTable(
  "git_webhook_deliveries",
  {
    providerId: text().notNull(),
    deliveryId: text().notNull(),
    event: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.providerId, table.deliveryId] }),
    index("git_webhook_deliveries_created_at").on(table.createdAt),
  ],
);

/** Whether a chat's pull request may wake it, and how often it did. */
export const chatFeedback = pgTable("chat_feedback", {
  chatId: uuid()
    .primaryKey()
    .references(() => chats.id, { onDelete: "cascade" }),
  /** Null: as the workspace's template says. */
  enabled: boolean(),
  /** Rounds since a person last wrote. */
  rounds: integer().notNull().default(0),
  updatedAt: createdAt(),
});

/** Comments and failed checks that a chat was told of, or that were there when it began to listen. */
export const chatFeedbackItems = pgTable(
  "chat_feedback_items",
  {
    chatId: uuid()
      .notNull()
      .references(() => chats.id, { onDelete: "cascade" }),
    /** `comment:<id>`, `review:<id>`, `check:<commit>:<name>`. */
    key: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.chatId, table.key] })],
);

/** The files as a step left them: a commit of the workspace's snapshot repository. */
export const chatSnapshots = pgTable(
  "chat_snapshots",
  {
    chatId: uuid()
      .notNull()
      .references(() => chats.id, { onDelete: "cascade" }),
    /** The last message of the step: the files are as they were after it. */
    messageId: bigint({ mode: "number" }).notNull(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    commitId: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.chatId, table.messageId] }),
    index("chat_snapshots_workspace_id").on(table.workspaceId),
  ],
);

/** A rewind that can be undone: what it removed and the files as they were before. One per chat, the latest. */
export const chatRewinds = pgTable(
  "chat_rewinds",
  {
    chatId: uuid()
      .primaryKey()
      .references(() => chats.id, { onDelete: "cascade" }),
    messageId: bigint({ mode: "number" }).notNull(),
    /** Empty once it was undone. */
    deletedMessageIds: jsonb().$type<number[]>().notNull(),
    /** `chat_runs.history_version` after it: anything said since makes it final. Names the restoring of files too. */
    historyVersion: bigint({ mode: "number" }).notNull(),
    workspaceId: uuid().references(() => workspaces.id),
    /** Of the snapshot repository, before the files were restored; null when there were none. */
    commitId: text(),
    /** The files that are still to be put back, before anyone works in the workspace; null once they are. */
    restoreCommitId: text(),
    createdAt: createdAt(),
  },
  (table) => [index("chat_rewinds_to_restore").on(table.workspaceId).where(sql`restore_commit_id IS NOT NULL`)],
);
