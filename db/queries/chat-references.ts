/** Whether what a request refers to can be used by this person. Reads only; what to answer is decided by the caller. */
import type { SqlExecutor } from "@/db/client";

export type ChatReferences = {
  /** The given model, or the default one; null when it cannot be used. */
  modelConfigId: string | null;
  hasWorkspace: boolean;
  hasTemplate: boolean;
};

/** One round trip for everything a new chat or message names; what is not named is not looked for. */
export async function findChatReferences(
  sql: SqlExecutor,
  options: { ownerId: string; modelConfigId?: string; workspaceId?: string | null; templateId?: string },
): Promise<ChatReferences> {
  const modelConfigId = options.modelConfigId ?? null;
  const [row] = await sql<ChatReferences[]>`
    SELECT
      (SELECT m.id FROM chat_model_configs m JOIN chat_providers p ON p.id = m.provider_id
       WHERE m.enabled AND m.deleted_at IS NULL AND p.enabled AND p.deleted_at IS NULL
         AND (m.id = ${modelConfigId}::uuid OR (${modelConfigId}::uuid IS NULL AND m.is_default))) AS "modelConfigId",
      EXISTS (SELECT FROM workspaces WHERE id = ${options.workspaceId ?? null}::uuid
        AND owner_id = ${options.ownerId} AND deleted_at IS NULL) AS "hasWorkspace",
      EXISTS (SELECT FROM templates WHERE id = ${options.templateId ?? null}::uuid
        AND enabled AND deleted_at IS NULL) AS "hasTemplate"`;
  return row as ChatReferences;
}
