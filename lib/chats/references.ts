/** Refuses references that cannot be used: models, workspaces, templates of a request. Writes nothing. */
import type { SqlExecutor } from "@/db/client";
import { findChatReferences } from "@/db/queries/chat-references";
import { ApiError } from "@/lib/contract/errors";

type References = { ownerId: string; modelConfigId?: string; workspaceId?: string | null; templateId?: string };

/**
 * The model that the request gets: the given one, or the default.
 * @throws ApiError `unprocessable` for an unusable reference, `conflict` when none was given and no default exists.
 */
export async function requireModel(sql: SqlExecutor, references: References): Promise<string> {
  const found = await findChatReferences(sql, references);
  checkPlaces(references, found);
  if (found.modelConfigId) return found.modelConfigId;
  if (references.modelConfigId) throw unusable("model_config_id", "model", references.modelConfigId);
  throw new ApiError("conflict", "No model is configured. An administrator adds one under Models.");
}

/** @throws ApiError `unprocessable` for an unusable reference. */
export async function requireReferences(sql: SqlExecutor, references: References): Promise<void> {
  const found = await findChatReferences(sql, references);
  checkPlaces(references, found);
  if (references.modelConfigId && !found.modelConfigId) {
    throw unusable("model_config_id", "model", references.modelConfigId);
  }
}

function checkPlaces(references: References, found: { hasWorkspace: boolean; hasTemplate: boolean }): void {
  if (references.workspaceId && !found.hasWorkspace) {
    throw unusable("workspace_id", "workspace", references.workspaceId);
  }
  if (references.templateId && !found.hasTemplate) throw unusable("template_id", "template", references.templateId);
}

function unusable(field: string, what: string, id: string): ApiError {
  const message = `The ${what} ${id} cannot be used: it does not exist, is disabled or is not yours. Choose another.`;
  return new ApiError("unprocessable", message, { validations: [{ field, detail: message }] });
}
