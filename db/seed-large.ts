/**
 * The data set of `npm run db:seed -- --large`: as many chats and messages as a big team makes in years, always the same
 * ones. A few set-based statements past the state machine; never part of the product.
 */
import type { Sql } from "postgres";
import { CONTENT_VERSION } from "./content";

export type LargeSize = {
  /** Of all kinds; every tenth is a subagent of the one before it. */
  chatCount: number;
  /** Of all chats together; what the long chat leaves is spread evenly. */
  messageCount: number;
  /** Messages of the newest chat. */
  longChatMessages: number;
};

export const LARGE: LargeSize = { chatCount: 100_000, messageCount: 1_000_000, longChatMessages: 100_000 };

/** The same in every run: a version 7 UUID whose last twelve digits count the chats from the newest, number 1. */
export const largeChatId = (number: number): string =>
  `0197f0a0-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;

/** Of chat `n` in SQL; the mirror of `largeChatId`. */
const ID = "('0197f0a0-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";

/**
 * Writes the data set in one transaction and has it analysed. Three chats share every `updated_at`, one root in ten is
 * archived, twelve are pinned, one in five has a pull request, one in seven is unread.
 */
export async function seedLarge(
  sql: Sql,
  options: { ownerId: string; modelConfigId: string; size?: LargeSize },
): Promise<void> {
  const size = options.size ?? LARGE;
  await sql.begin(async (tx) => {
    // 60 s is the pool's limit for a statement of the product; this is a million rows.
    await tx`SET LOCAL statement_timeout = 0`;
    // A superuser may spare the check of a million references that are right by construction.
    const [role] = await tx`SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper`;
    if (role) await tx`SET LOCAL session_replication_role = replica`;
    await insertChats(tx, { ...options, size });
    await insertMessages(tx, { ...options, size });
    await tx`
      UPDATE chats SET last_read_message_id = newest.id
      FROM (SELECT chat_id, max(id) AS id FROM chat_messages GROUP BY chat_id) newest
      WHERE newest.chat_id = chats.id AND chats.owner_id = ${options.ownerId} AND abs(hashtext(chats.id::text)) % 7 > 0`;
  });
  // Also sets the visibility map, as autovacuum would in time.
  for (const table of ["chats", "chat_runs", "chat_messages", "chat_diff_statuses"]) {
    await sql.unsafe(`VACUUM (ANALYZE) ${table}`);
  }
}

type Seed = { ownerId: string; modelConfigId: string; size: LargeSize };

async function insertChats(tx: Sql | Parameters<Parameters<Sql["begin"]>[1]>[0], seed: Seed): Promise<void> {
  const { ownerId, modelConfigId, size } = seed;
  const parent = tx.unsafe(ID.replace("(n)", "(n - 1)"));
  await tx`
    INSERT INTO chats (id, owner_id, parent_chat_id, root_chat_id, title, title_source, status, archived, pin_order,
      last_turn_summary, labels, repository, last_model_config_id, created_at, updated_at)
    SELECT ${tx.unsafe(ID)}, ${ownerId}, CASE WHEN n % 10 = 0 THEN ${parent} END, CASE WHEN n % 10 = 0 THEN ${parent} END,
      (ARRAY['Fix the flaky test of', 'Speed up', 'Write the documentation of', 'Remove the last use of', 'Review'])[1 + n % 5]
        || ' module ' || n,
      'generated', CASE WHEN n % 10 = 0 THEN 'completed' WHEN n % 97 = 0 THEN 'error' ELSE 'waiting' END::chat_status,
      (n - (n % 10 = 0)::int) % 11 = 0, CASE WHEN n % 10 = 5 AND n <= 120 THEN n / 10 + 1 ELSE 0 END,
      'Changed ' || 1 + n % 12 || ' files and ran the tests.',
      CASE WHEN n % 3 = 0 THEN jsonb_build_object('team', 'team-' || n % 9) ELSE '{}' END,
      'https://github.com/example/project-' || n % 40 || '.git', ${modelConfigId},
      now() - (n / 3) * interval '5 minutes' - interval '1 hour', now() - (n / 3) * interval '5 minutes'
    FROM generate_series(1, ${size.chatCount}::int) n`;
  await tx`
    INSERT INTO chat_runs (chat_id, snapshot_version, history_version)
    SELECT ${tx.unsafe(ID)}, 1, 1 FROM generate_series(1, ${size.chatCount}::int) n`;
  await tx`
    INSERT INTO chat_diff_statuses (chat_id, url, pull_request_state, pull_request_title, pull_request_draft, pr_number,
      head_branch, base_branch, git_branch, git_remote_origin, additions, deletions, changed_files, commits)
    SELECT ${tx.unsafe(ID)}, 'https://github.com/example/project-' || n % 40 || '/pull/' || n,
      (ARRAY['open', 'merged', 'closed'])[1 + n % 3], 'Change module ' || n, n % 4 = 0, n,
      'agent/' || n, 'main', 'agent/' || n, 'https://github.com/example/project-' || n % 40 || '.git', n % 400, n % 90,
      1 + n % 12, 1 + n % 5
    FROM generate_series(5, ${size.chatCount}::int, 5) n`;
}

/** In order of time, so that ids ascend within a chat; the long chat, number 1, comes first. */
async function insertMessages(tx: Sql | Parameters<Parameters<Sql["begin"]>[1]>[0], seed: Seed): Promise<void> {
  const { ownerId, modelConfigId, size } = seed;
  const others = size.chatCount - 1;
  const rest = size.messageCount - size.longChatMessages;
  await tx`
    INSERT INTO chat_messages (chat_id, history_version, role, content, content_version, created_by, model_config_id,
      created_at)
    SELECT ${tx.unsafe(ID)}, 1, CASE WHEN m % 2 = 0 THEN 'assistant' ELSE 'user' END::chat_message_role,
      jsonb_build_array(jsonb_build_object('type', 'text', 'text',
        CASE WHEN m % 2 = 0 THEN 'The change is in and its tests pass; step ' ELSE 'Go on with step ' END || m || ' of module ' || n || '.')),
      ${CONTENT_VERSION}, CASE WHEN m % 2 = 1 AND n % 10 > 0 THEN ${ownerId}::uuid END, ${modelConfigId},
      now() - (n / 3) * interval '5 minutes' - interval '1 hour' + m * interval '30 milliseconds'
    FROM (
      SELECT 1 AS n, m FROM generate_series(1, ${size.longChatMessages}::int) m
      UNION ALL
      SELECT n, m FROM generate_series(2, ${size.chatCount}::int) n,
        generate_series(1, ${Math.floor(rest / others)}::int + (n - 1 <= ${rest % others}::int)::int) m
    ) planned`;
}
