/** What work on a chat's repositories needs of the process, and how an operation in a workspace is asked for. */
import type { Sql } from "postgres";
import type { Database } from "@/db/client";
import { type ChatPlace, findChatPlace } from "@/db/queries/chat-places";
import type { Clock } from "@/lib/clock";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { WorkspaceConnection, WorkspaceOperationName } from "@/lib/contract/workspace-agent";
import type { Env } from "@/lib/env";
import type { GitHosts } from "@/lib/gitproviders/registry";
import { newId } from "@/lib/ids";
import type { PubSub } from "@/lib/pubsub";
import type { SecretBox } from "@/lib/secret-box";
import type { WorkspaceService } from "@/lib/workspaces/service";

export type RepositoryParts = {
  sql: Sql;
  db: Database;
  pubsub: PubSub;
  clock: Clock;
  secrets: SecretBox;
  env: Env;
  hosts: GitHosts;
  workspaces: WorkspaceService;
};

export type Target = { chatId: string; ownerId: string };
export type Call = Target & { signal: AbortSignal };
export type PlaceWithWorkspace = ChatPlace & { workspace: NonNullable<ChatPlace["workspace"]> };

/** @throws ApiError `not_found`, for another person's chat too. */
export async function getPlace(parts: Pick<RepositoryParts, "sql">, target: Target): Promise<ChatPlace> {
  const place = await findChatPlace(parts.sql, target);
  if (!place) throw notFound();
  return place;
}

/** The agent of a workspace that runs. @throws ApiError `not_found`; `conflict` where none does. */
export async function reachRepositories(
  parts: RepositoryParts,
  { signal, ...target }: Call,
): Promise<{ place: PlaceWithWorkspace; connection: WorkspaceConnection }> {
  const place = await getPlace(parts, target);
  const { workspace } = place;
  if (!workspace) throw new ApiError("conflict", "This agent has no workspace, so there are no files yet.");
  const connection = await parts.workspaces.find({ workspaceId: workspace.id, signal });
  if (!connection) {
    throw new ApiError("conflict", `The workspace is ${workspace.status}. Start it first.`);
  }
  return { place: { ...place, workspace }, connection };
}

type Operation = {
  chatId: string;
  operation: WorkspaceOperationName;
  args: Record<string, unknown>;
  /** A known id is adopted, not done again. A new one when absent. */
  callId?: string;
  signal: AbortSignal;
};

/** Agents from before these operations say this of every one of them. */
const UNKNOWN = "There is no tool ";

/** @throws ApiError `conflict` with the workspace's reason, `unavailable` when it does not answer. */
export async function operate<T>(connection: WorkspaceConnection, request: Operation): Promise<T> {
  const { chatId, operation: tool, args, signal } = request;
  const callId = request.callId ?? `${chatId}/server/${newId()}`;
  const call = { callId, chatId, tool, args };
  const outcome = await connection.call(call, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new ApiError("unavailable", "The workspace does not answer. Try again.", { cause });
  });
  if (!outcome.is_error) return outcome.result as T;
  const { error } = outcome.result as { error: string };
  if (error.startsWith(UNKNOWN)) {
    throw new ApiError("conflict", "The workspace was started by an earlier version of Slipway. Restart it first.");
  }
  throw new ApiError("conflict", error);
}
