/** The diff of what a chat follows, read from its git host when somebody looks. Stores nothing. */
import type { Sql } from "postgres";
import { findGitReference } from "@/db/queries/git-references";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { ChatDiff } from "@/lib/contract/git";
import { parseRemote } from "@/lib/gitproviders/remote";
import { type AskParts, askHost } from "./access";
import { findHost } from "./refresh";

/** What a browser shows without help; larger ones are cut after their last whole file. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The pull request's, else the branch's against the default branch. @throws ApiError. */
export async function getChatDiff(
  parts: AskParts & { sql: Sql },
  { chatId, ownerId, signal }: { chatId: string; ownerId: string; signal: AbortSignal },
): Promise<ChatDiff> {
  const reference = await findGitReference(parts.sql, { chatId, ownerId });
  if (!reference) throw notFound();
  const { branch, origin, url } = reference;
  const answer = { branch: branch || null, remote_origin: origin || null, pull_request_url: url };
  const repository = parseRemote(origin);
  if (!url && !(repository && branch)) return { ...answer, diff: "", truncated: false };
  const configured = findHost(parts.hosts, reference);
  if (!configured) throw new ApiError("unprocessable", `No git host is configured for ${url ?? origin}.`);
  const { host } = configured;
  const pull = url ? host.parsePullRequestUrl(url) : undefined;
  const diff = await askHost(parts, { configured, userId: ownerId, signal }, async (access) => {
    if (pull) return host.getPullRequestDiff(access, { ...pull, maxBytes: MAX_BYTES });
    return repository && branch ? host.getBranchDiff(access, { repository, branch, maxBytes: MAX_BYTES }) : "";
  });
  return { ...answer, ...cut(diff) };
}

/** A diff as long as the bound lost its end: the file that is cut goes too. */
function cut(diff: string): { diff: string; truncated: boolean } {
  // A character that was cut in half has become a longer one.
  if (Buffer.byteLength(diff) < MAX_BYTES) return { diff, truncated: false };
  return { diff: diff.slice(0, Math.max(0, diff.lastIndexOf("\ndiff --git ") + 1)), truncated: true };
}
