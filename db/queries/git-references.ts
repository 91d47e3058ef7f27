/** Which branch or pull request a chat follows, and marks that there is news. Moves no chat's `updated_at`. */
import type { Sql } from "postgres";
import type { SqlExecutor } from "@/db/client";

export type MarkedChat = { chatId: string; ownerId: string; rootChatId: string | null };

/** A mark puts a reference ahead of all that are merely due, and tells the worker that remembered answers will not do. */
const markTime = (sql: SqlExecutor) => sql`now() - interval '1 day'`;
/** Whoever looks at it now began too early, so it is free to be claimed. */
const marked = (sql: SqlExecutor) => sql`stale_at = ${markTime(sql)}, leased_until = NULL`;

/** What is known of a pull request, forgotten: the reference is another now. */
const forgotten = (sql: SqlExecutor) => sql`
  url = NULL, pull_request_state = NULL, pull_request_title = '', pull_request_draft = false, pr_number = NULL,
  head_branch = NULL, head_sha = NULL, base_branch = NULL, additions = 0, deletions = 0, changed_files = 0,
  commits = NULL, approved = NULL, changes_requested = false, reviewer_count = NULL, reviewers = NULL, author_login = NULL,
  author_avatar_url = NULL, checks = NULL, pull_request_created_at = NULL, pull_request_merged_at = NULL`;

type Reference = { branch: string; origin: string; repositoryKey: string };

/** The live root chats of a workspace follow this branch, which was just pushed. */
export async function setWorkspaceReference(
  sql: Sql,
  { workspaceId, branch, origin, repositoryKey }: Reference & { workspaceId: string },
): Promise<MarkedChat[]> {
  return sql.begin(async (tx) => {
    const chats = await tx<MarkedChat[]>`
      SELECT id AS "chatId", owner_id AS "ownerId", root_chat_id AS "rootChatId"
      FROM chats WHERE workspace_id = ${workspaceId} AND NOT archived AND parent_chat_id IS NULL ORDER BY id`;
    for (const { chatId } of chats) {
      await tx`
        UPDATE chat_diff_statuses SET ${forgotten(tx)}
        WHERE chat_id = ${chatId} AND (git_branch <> ${branch} OR git_remote_origin <> ${origin})`;
      await tx`
        INSERT INTO chat_diff_statuses (chat_id, git_branch, git_remote_origin, repository_key, pushed_at, stale_at)
        VALUES (${chatId}, ${branch}, ${origin}, ${repositoryKey}, now(), ${markTime(tx)})
        ON CONFLICT (chat_id) DO UPDATE SET git_branch = EXCLUDED.git_branch,
          git_remote_origin = EXCLUDED.git_remote_origin, repository_key = EXCLUDED.repository_key,
          pushed_at = now(), ${marked(tx)}, updated_at = now()`;
    }
    return [...chats];
  });
}

/** Undefined: not this owner's chat. What is undefined stays; another reference forgets the pull request. */
export async function setGitReference(
  sql: Sql,
  options: {
    chatId: string;
    ownerId: string;
    branch?: string | undefined;
    origin?: string | undefined;
    repositoryKey?: string | undefined;
    url?: string | null | undefined;
  },
): Promise<MarkedChat | undefined> {
  const { chatId, ownerId, branch = null, origin = null, repositoryKey = null, url } = options;
  return sql.begin(async (tx) => {
    const [chat] = await tx<MarkedChat[]>`
      SELECT id AS "chatId", owner_id AS "ownerId", root_chat_id AS "rootChatId"
      FROM chats WHERE id = ${chatId} AND owner_id = ${ownerId} FOR KEY SHARE`;
    if (!chat) return undefined;
    await tx`INSERT INTO chat_diff_statuses (chat_id) VALUES (${chatId}) ON CONFLICT DO NOTHING`;
    await tx`
      UPDATE chat_diff_statuses SET ${forgotten(tx)}
      WHERE chat_id = ${chatId} AND (git_branch <> coalesce(${branch}, git_branch)
        OR git_remote_origin <> coalesce(${origin}, git_remote_origin)
        OR (${url !== undefined} AND url IS DISTINCT FROM ${url ?? null}::text))`;
    await tx`
      UPDATE chat_diff_statuses SET git_branch = coalesce(${branch}, git_branch),
        git_remote_origin = coalesce(${origin}, git_remote_origin),
        repository_key = coalesce(${repositoryKey}, repository_key),
        url = CASE WHEN ${url !== undefined} THEN ${url ?? null}::text ELSE url END,
        pushed_at = now(), ${marked(tx)}, sync_error = NULL, updated_at = now()
      WHERE chat_id = ${chatId}`;
    return chat;
  });
}

/** Marks what follows one of the branches or pull requests of these repositories; returns how many. Index on `repository_key`. */
export async function markRepositoryStale(
  sql: SqlExecutor,
  { repositoryKeys, branches, numbers }: { repositoryKeys: string[]; branches: string[]; numbers: number[] },
): Promise<number> {
  const { count } = await sql`
    UPDATE chat_diff_statuses SET ${marked(sql)}
    WHERE repository_key <> '' AND repository_key = ANY(${repositoryKeys})
      AND (git_branch = ANY(${branches}) OR pr_number = ANY(${numbers}::int[]))`;
  return count;
}

/** The next look at this chat's reference comes at once. Primary key. */
export async function markChatStale(sql: SqlExecutor, { chatId }: { chatId: string }): Promise<void> {
  await sql`UPDATE chat_diff_statuses SET ${marked(sql)} WHERE chat_id = ${chatId}`;
}

/** After an unarchive: its tree is looked at again soon. */
export async function markTreeStale(sql: SqlExecutor, { chatId }: { chatId: string }): Promise<void> {
  await sql`
    UPDATE chat_diff_statuses d SET stale_at = least(stale_at, now()), leased_until = NULL FROM chats c
    WHERE d.chat_id = c.id AND (c.id = ${chatId} OR c.root_chat_id = ${chatId})`;
}

export type GitReferenceRow = {
  branch: string;
  origin: string;
  url: string | null;
  repository: string | null;
  workspaceId: string | null;
  title: string;
};

/** What a chat follows; empty text where nothing is known. Undefined: not this owner's chat. */
export async function findGitReference(
  sql: SqlExecutor,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<GitReferenceRow | undefined> {
  const [row] = await sql<GitReferenceRow[]>`
    SELECT coalesce(d.git_branch, '') AS branch, coalesce(d.git_remote_origin, '') AS origin, d.url,
      coalesce(w.repository, c.repository) AS repository, c.workspace_id AS "workspaceId", c.title
    FROM chats c LEFT JOIN chat_diff_statuses d ON d.chat_id = c.id LEFT JOIN workspaces w ON w.id = c.workspace_id
    WHERE c.id = ${chatId} AND c.owner_id = ${ownerId}`;
  return row;
}
