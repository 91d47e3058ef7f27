/** Templates: what a workspace is made from. Knows nothing of drivers. */
import { and, asc, count, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { templates, workspaces } from "@/db/schema";
import type { ListedTemplate, Template, TemplateConfig, WorkspaceDriverName } from "@/lib/contract/workspaces";

/** More than anyone has; the list has an end. */
const MAX_TEMPLATES = 500;

const columns = {
  id: templates.id,
  name: templates.name,
  description: templates.description,
  driver: templates.driver,
  config: templates.config,
  enabled: templates.enabled,
};

/** Live templates, oldest first; the first enabled one is the default. */
export async function listTemplates(executor: Executor, options: { enabledOnly: boolean }): Promise<Template[]> {
  const enabled = options.enabledOnly ? eq(templates.enabled, true) : undefined;
  return executor
    .select(columns)
    .from(templates)
    .where(and(isNull(templates.deletedAt), enabled))
    .orderBy(asc(templates.createdAt), templates.id)
    .limit(MAX_TEMPLATES);
}

/** Live templates as administrators see them: disabled ones too, each with the number of its live workspaces. */
export async function listTemplatesInUse(executor: Executor): Promise<ListedTemplate[]> {
  const rows = await listTemplates(executor, { enabledOnly: false });
  const ids = rows.map((row) => row.id);
  const counts = await executor
    .select({ id: workspaces.templateId, count: count() })
    .from(workspaces)
    .where(and(inArray(workspaces.templateId, ids), isNull(workspaces.deletedAt)))
    .groupBy(workspaces.templateId);
  const countOf = new Map(counts.map((row) => [row.id, row.count]));
  return rows.map((row) => ({ ...row, workspace_count: countOf.get(row.id) ?? 0 }));
}

/** A live template, undefined when unknown or deleted. */
export async function findTemplate(executor: Executor, options: { id: string }): Promise<Template | undefined> {
  const [row] = await executor
    .select(columns)
    .from(templates)
    .where(and(eq(templates.id, options.id), isNull(templates.deletedAt)));
  return row;
}

/** The oldest enabled template. */
export async function findDefaultTemplate(executor: Executor): Promise<Template | undefined> {
  const [row] = await executor
    .select(columns)
    .from(templates)
    .where(and(isNull(templates.deletedAt), eq(templates.enabled, true)))
    .orderBy(asc(templates.createdAt), templates.id)
    .limit(1);
  return row;
}

export type InsertTemplate = {
  id: string;
  name: string;
  description: string;
  driver: WorkspaceDriverName;
  config: TemplateConfig;
  enabled: boolean;
};

/** Adds a template. */
export async function insertTemplate(executor: Executor, options: InsertTemplate): Promise<Template> {
  const [row] = await executor.insert(templates).values(options).returning(columns);
  return row!;
}

/** Adds the template when the table has never held one: deleting the default one is respected. */
export async function ensureTemplate(executor: Executor, options: Omit<InsertTemplate, "enabled">): Promise<void> {
  await executor.execute(sql`
    INSERT INTO templates (id, name, description, driver, config)
    SELECT ${options.id}, ${options.name}, ${options.description}, ${options.driver}, ${JSON.stringify(options.config)}::jsonb
    WHERE NOT EXISTS (SELECT 1 FROM templates)`);
}

/** Changes a live template; undefined when there is none. */
export async function updateTemplate(
  executor: Executor,
  options: { id: string; values: Partial<Pick<InsertTemplate, "name" | "description" | "config" | "enabled">> },
): Promise<Template | undefined> {
  const [row] = await executor
    .update(templates)
    .set({ ...options.values, updatedAt: sql`now()` as unknown as string })
    .where(and(eq(templates.id, options.id), isNull(templates.deletedAt)))
    .returning(columns);
  return row;
}

/** Deletes a template softly, since workspaces refer to it; false when there is none. */
export async function deleteTemplate(executor: Executor, options: { id: string }): Promise<boolean> {
  const rows = await executor
    .update(templates)
    .set({ deletedAt: sql`now()` as unknown as string, enabled: false })
    .where(and(eq(templates.id, options.id), isNull(templates.deletedAt)))
    .returning({ id: templates.id });
  return rows.length > 0;
}
