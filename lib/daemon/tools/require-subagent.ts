/** The subagent that a call names, if it is one of the caller's. Writes nothing. */
import { findSubagent, isDescendant, type Subagent } from "@/db/queries/subagents";
import { ApiError } from "@/lib/contract/errors";
import { isUuid } from "@/lib/ids";
import type { RunContext } from "../run-context";

/** @throws ApiError `not_found` for any chat that is not below the caller's. */
export async function requireSubagent({ parts, run }: RunContext, chatId: string): Promise<Subagent> {
  const target = { chatId, ancestorId: run.chatId, ownerId: run.ownerId };
  const isOwn = isUuid(chatId) && (await isDescendant(parts.writer.sql, target));
  const subagent = isOwn ? await findSubagent(parts.db, { chatId }) : undefined;
  if (subagent) return subagent;
  throw new ApiError(
    "not_found",
    `You have no subagent ${JSON.stringify(chatId.slice(0, 100))}; list_agents shows yours.`,
  );
}
