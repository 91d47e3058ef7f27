/** What people chose for themselves and administrators for the installation, and what of it a run needs. */
import { eq, sql } from "drizzle-orm";
import type { Executor, SqlExecutor } from "@/db/client";
import { settings, userSettings } from "@/db/schema";
import {
  DEFAULT_DEPLOYMENT_SETTINGS,
  DEFAULT_PERSONAL_SETTINGS,
  type DeploymentSettings,
  type NotificationSettings,
  type PersonalSettings,
} from "@/lib/contract/settings";
import type { TemplateConfig } from "@/lib/contract/workspaces";

/** Where `settings` keeps what administrators chose. */
const DEPLOYMENT = "deployment";

/** A person's settings; what was never chosen has its default. */
export async function getPersonalSettings(
  executor: Executor,
  { userId }: { userId: string },
): Promise<PersonalSettings> {
  const [row] = await executor.select().from(userSettings).where(eq(userSettings.userId, userId));
  if (!row) return DEFAULT_PERSONAL_SETTINGS;
  return {
    personal_prompt: row.prompt,
    compaction_thresholds: row.compactionThresholds,
    notifications: { ...DEFAULT_PERSONAL_SETTINGS.notifications, ...row.notifications },
  };
}

export type PersonalChanges = {
  userId: string;
  prompt?: string | undefined;
  compactionThresholds?: Record<string, number> | undefined;
  notifications?: Partial<NotificationSettings> | undefined;
};

/** Changes what is given, in one statement; flags that are not named stay. */
export async function upsertPersonalSettings(executor: Executor, changes: PersonalChanges): Promise<void> {
  const { userId, prompt, compactionThresholds, notifications } = changes;
  await executor
    .insert(userSettings)
    .values({ userId, prompt, compactionThresholds, notifications })
    .onConflictDoUpdate({
      target: userSettings.userId,
      set: {
        ...(prompt !== undefined && { prompt }),
        ...(compactionThresholds && { compactionThresholds }),
        ...(notifications && {
          notifications: sql`${userSettings.notifications} || ${JSON.stringify(notifications)}::jsonb`,
        }),
        updatedAt: sql`now()`,
      },
    });
}

/** The installation's settings; what was never chosen has its default. */
export async function getDeploymentSettings(executor: Executor): Promise<DeploymentSettings> {
  const [row] = await executor.select({ value: settings.value }).from(settings).where(eq(settings.key, DEPLOYMENT));
  return { ...DEFAULT_DEPLOYMENT_SETTINGS, ...(row?.value as Partial<DeploymentSettings> | undefined) };
}

/** Changes what is given, in one statement, so that two administrators do not undo each other's fields. */
export async function upsertDeploymentSettings(
  executor: Executor,
  { changes }: { changes: { [Key in keyof DeploymentSettings]?: DeploymentSettings[Key] | undefined } },
): Promise<void> {
  const given = JSON.stringify(changes);
  await executor
    .insert(settings)
    .values({ key: DEPLOYMENT, value: sql`${given}::jsonb` })
    .onConflictDoUpdate({
      target: settings.key,
      set: { value: sql`${settings.value} || ${given}::jsonb`, updatedAt: sql`now()` },
    });
}

/** What a run takes from both. */
export type RunSettings = {
  systemPrompt: string;
  includeDefaultSystemPrompt: boolean;
  planInstructions: string;
  personalPrompt: string;
  /** By model configuration. */
  compactionThresholds: Record<string, number>;
  /** Of the workspace's template, or of the one that a workspace would be made from; empty where there is none. */
  templateConfig: TemplateConfig;
};

/**
 * What a turn of this chat works by: one statement by primary keys, and past them the few templates for the oldest
 * enabled one. Sent when it is called.
 */
export async function findRunSettings(sql: SqlExecutor, { chatId }: { chatId: string }): Promise<RunSettings> {
  const [row] = await sql<
    {
      deployment: Partial<DeploymentSettings> | null;
      prompt: string | null;
      thresholds: Record<string, number> | null;
      template: TemplateConfig | null;
    }[]
  >`
    SELECT (SELECT value FROM settings WHERE key = ${DEPLOYMENT}) AS deployment, u.prompt,
      u.compaction_thresholds AS thresholds,
      (SELECT config FROM templates WHERE id = coalesce(
        (SELECT template_id FROM workspaces WHERE id = c.workspace_id), c.template_id,
        (SELECT id FROM templates WHERE deleted_at IS NULL AND enabled ORDER BY created_at, id LIMIT 1))) AS template
    FROM chats c LEFT JOIN user_settings u ON u.user_id = c.owner_id WHERE c.id = ${chatId}`.execute();
  const deployment = { ...DEFAULT_DEPLOYMENT_SETTINGS, ...row?.deployment };
  return {
    systemPrompt: deployment.system_prompt,
    includeDefaultSystemPrompt: deployment.include_default_system_prompt,
    planInstructions: deployment.plan_instructions,
    personalPrompt: row?.prompt ?? "",
    compactionThresholds: row?.thresholds ?? {},
    templateConfig: row?.template ?? {},
  };
}
