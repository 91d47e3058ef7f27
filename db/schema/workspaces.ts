/** Templates, workspaces, their builds and the agents inside. A chat stores its workspace only, never an agent. */
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
import {
  AGENT_STATUSES,
  BUILD_STATUSES,
  BUILD_TRANSITIONS,
  type TemplateConfig,
  WORKSPACE_DRIVERS,
} from "@/lib/contract/workspaces";
import { createdAt, instant } from "./columns";
import { users } from "./people";

export const workspaceDriver = pgEnum("workspace_driver", WORKSPACE_DRIVERS);
export const buildStatus = pgEnum("build_status", BUILD_STATUSES);
export const buildTransition = pgEnum("build_transition", BUILD_TRANSITIONS);
export const agentStatus = pgEnum("agent_status", AGENT_STATUSES);

export const templates = pgTable("templates", {
  id: uuid().primaryKey(),
  name: text().notNull(),
  description: text().notNull().default(""),
  driver: workspaceDriver().notNull().default("local"),
  config: jsonb().$type<TemplateConfig>().notNull().default({}),
  enabled: boolean().notNull().default(true),
  createdAt: createdAt(),
  updatedAt: createdAt(),
  deletedAt: instant(),
});

export const workspaces = pgTable(
  "workspaces",
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    ownerId: uuid()
      .notNull()
      .references(() => users.id),
    templateId: uuid()
      .notNull()
      .references(() => templates.id),
    repository: text(),
    branch: text(),
    createdAt: createdAt(),
    deletedAt: instant(),
  },
  (table) => [index("workspaces_owner_id").on(table.ownerId, table.createdAt.desc().nullsFirst())],
);

export const workspaceBuilds = pgTable(
  "workspace_builds",
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** From 1; the highest is the latest build. */
    buildNumber: integer().notNull(),
    transition: buildTransition().notNull(),
    status: buildStatus().notNull().default("pending"),
    error: text(),
    /** What the driver needs to find the sandbox again: pid, start time, socket path. Never secrets. */
    driverState: jsonb().$type<Record<string, unknown>>(),
    createdAt: createdAt(),
    finishedAt: instant(),
  },
  (table) => [
    uniqueIndex("workspace_builds_number").on(table.workspaceId, table.buildNumber),
    index("workspace_builds_pending").on(table.createdAt).where(sql`status = 'pending'`),
  ],
);

export const workspaceAgents = pgTable(
  "workspace_agents",
  {
    id: uuid().primaryKey(),
    buildId: uuid()
      .notNull()
      .references(() => workspaceBuilds.id),
    name: text().notNull().default("main"),
    status: agentStatus().notNull().default("connecting"),
    connectedAt: instant(),
    createdAt: createdAt(),
  },
  (table) => [index("workspace_agents_build_id").on(table.buildId)],
);

export const workspaceBuildLogs = pgTable(
  "workspace_build_logs",
  {
    buildId: uuid()
      .notNull()
      .references(() => workspaceBuilds.id),
    seq: integer().notNull(),
    stage: text().notNull(),
    line: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.buildId, table.seq] })],
);

/** Outgoing requests that the egress proxy refused. */
export const egressRefusals = pgTable(
  "egress_refusals",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    host: text().notNull(),
    port: integer().notNull(),
    reason: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("egress_refusals_workspace_id").on(table.workspaceId, table.id)],
);
