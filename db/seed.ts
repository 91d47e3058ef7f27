/**
 * `npm run db:seed`: a believable data set for development, with `--large` a hundred thousand chats more. Writes chats past the state machine, which is why it refuses
 * a database that has any; never part of the product.
 */
import { fileURLToPath } from "node:url";
import type { Sql } from "postgres";
import { readEnv } from "@/lib/env";
import { newId } from "@/lib/ids";
import { createSql, type DatabaseAddress } from "./connect";
import { CONTENT_VERSION } from "./content";
import { startEmbeddedPostgres } from "./embedded";
import { toJsonb } from "./json";
import { migrateDatabase } from "./migrate";
import { rebuildCostDays } from "./queries/cost-verification";
import { cardStories } from "./seed-cards";
import { LARGE, type LargeSize, seedLarge } from "./seed-large";
import { olderStories, type SeedChat, type SeedMessage, stories } from "./seed-stories";

/** Of the person who is made when nobody exists yet. The hash is of the password beside it. */
const PERSON = { email: "mara@example.com", username: "mara", name: "Mara", password: "slipway-seed" };
const PASSWORD_HASH = "scrypt$16384$8$5$Wnl7WJXPc9jAByCRh3o2xA$ALqB3FYJ5QdbjWmhSiX0rYHHvZxycP8AdkSmk6H59y8";

type Models = { priced: string; unpriced: string };

/**
 * Writes the data set for the oldest administrator, who is made when there is none.
 * @returns whose it is and how many agents there are. @throws Error when chats exist and `force` is not given.
 */
export async function seedDatabase(
  sql: Sql,
  options: { force: boolean; large?: LargeSize },
): Promise<{ username: string; password: string | null; chatCount: number }> {
  const [any] = await sql`SELECT 1 FROM chats LIMIT 1`;
  if (any && !options.force) throw new Error("This database has chats. Seed another one, or add --force.");
  const owner = await findOrInsertOwner(sql);
  const models = await findOrInsertModels(sql);
  const all = [...stories, ...cardStories(), ...olderStories];
  for (const story of all) {
    const rootId = await insertStory(sql, { ownerId: owner.id, models, story });
    for (const child of story.children ?? []) {
      await insertStory(sql, { ownerId: owner.id, models, story: child, rootId });
    }
  }
  const { large } = options;
  if (large) await seedLarge(sql, { ownerId: owner.id, modelConfigId: models.priced, size: large });
  await rebuildCostDays(sql);
  return {
    username: owner.username,
    password: owner.isNew ? PERSON.password : null,
    chatCount: all.length + (large?.chatCount ?? 0),
  };
}

async function findOrInsertOwner(sql: Sql): Promise<{ id: string; username: string; isNew: boolean }> {
  const [admin] = await sql<{ id: string; username: string }[]>`
    SELECT id, username FROM users WHERE role = 'admin' ORDER BY created_at LIMIT 1`;
  if (admin) return { ...admin, isNew: false };
  const id = newId();
  await sql`INSERT INTO users (id, email, username, name, role, password_hash)
    VALUES (${id}, ${PERSON.email}, ${PERSON.username}, ${PERSON.name}, 'admin', ${PASSWORD_HASH})`;
  return { id, username: PERSON.username, isNew: true };
}

async function findOrInsertModels(sql: Sql): Promise<Models> {
  const [found] = await sql<{ id: string }[]>`
    SELECT id FROM chat_model_configs WHERE deleted_at IS NULL ORDER BY is_default DESC, created_at LIMIT 1`;
  if (found) return { priced: found.id, unpriced: found.id };
  const [providerId, priced, unpriced] = [newId(), newId(), newId()];
  // Nothing listens on port 9: an agent that is asked to work says so at once.
  await sql`INSERT INTO chat_providers (id, provider, display_name, base_url)
    VALUES (${providerId}, 'openai-compat', 'Sample provider', 'http://127.0.0.1:9/v1')`;
  await sql`
    INSERT INTO chat_model_configs (id, provider_id, model, display_name, is_default, context_limit, compression_threshold,
      input_price_per_million, output_price_per_million, cache_read_price_per_million, cache_write_price_per_million)
    VALUES (${priced}, ${providerId}, 'sample-large', 'Sample Large', true, 200000, 70, '3', '15', '0.30', '3.75'),
      (${unpriced}, ${providerId}, 'sample-canary', 'Sample Canary', false, 128000, 70, NULL, NULL, NULL, NULL)`;
  return { priced, unpriced };
}

type Story = { ownerId: string; models: Models; story: SeedChat; rootId?: string };

async function insertStory(sql: Sql, { ownerId, models, story, rootId }: Story): Promise<string> {
  const id = story.id ?? newId();
  const root = rootId ?? null;
  const modelConfigId = models[story.model ?? "priced"];
  await sql`
    INSERT INTO chats (id, owner_id, parent_chat_id, root_chat_id, title, title_source, status, pause_reason, archived,
      pin_order, last_error, last_turn_summary, labels, repository, agent_type, deadline_seconds, deadline_at, last_model_config_id,
      created_at, updated_at)
    VALUES (${id}, ${ownerId}, ${root}, ${root}, ${story.title}, 'generated', ${story.status},
      ${story.pauseReason ?? null}, ${story.archived ?? false}, ${story.pinOrder ?? 0},
      ${story.error ? toJsonb(story.error) : null}::text::jsonb, ${story.summary ?? null},
      ${toJsonb(story.labels ?? {})}::text::jsonb, ${story.repository ?? null}, ${story.agent?.type ?? null},
      ${story.agent?.deadlineSeconds ?? null}, ${story.agent ? ago(sql, story.minutes) : null}, ${modelConfigId},
      ${ago(sql, story.minutes + story.messages.length)}, ${ago(sql, story.minutes)})`;
  await sql`INSERT INTO chat_runs (chat_id, snapshot_version, history_version) VALUES (${id}, 1, 1)`;
  for (const [index, message] of story.messages.entries()) {
    const minutes = story.minutes + story.messages.length - index;
    const isPriced = (story.model ?? "priced") === "priced";
    await insertStoryMessage(sql, {
      chatId: id,
      rootId: root ?? id,
      ownerId,
      modelConfigId,
      isPriced,
      message,
      minutes,
      isChild: root !== null,
    });
  }
  if (!story.unread) {
    await sql`UPDATE chats SET last_read_message_id = (SELECT coalesce(max(id), 0) FROM chat_messages WHERE chat_id = ${id})
      WHERE id = ${id}`;
  }
  if (story.pullRequest) await insertPullRequest(sql, { chatId: id, story });
  return id;
}

const ago = (sql: Sql, minutes: number) => sql`now() - ${minutes} * interval '1 minute'`;

type StoryMessage = {
  chatId: string;
  rootId: string;
  ownerId: string;
  modelConfigId: string;
  isPriced: boolean;
  isChild: boolean;
  message: SeedMessage;
  minutes: number;
};

async function insertStoryMessage(sql: Sql, options: StoryMessage): Promise<void> {
  const { chatId, message, modelConfigId } = options;
  const usage = message.tokens && usageOf(message.tokens);
  const costMicros = usage && options.isPriced ? costOf(usage) : null;
  const createdBy = message.role === "user" && !options.isChild ? options.ownerId : null;
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO chat_messages (chat_id, history_version, role, visibility, content, content_version, created_by,
      model_config_id, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, total_cost_micros,
      compressed, created_at)
    VALUES (${chatId}, 1, ${message.role}, ${message.visibility ?? "both"}, ${toJsonb(message.parts)}::text::jsonb,
      ${CONTENT_VERSION}, ${createdBy}, ${modelConfigId}, ${usage?.input ?? null}, ${usage?.output ?? null},
      ${usage?.cacheRead ?? null}, ${usage?.cacheWrite ?? null}, ${costMicros}, ${message.compressed ?? false},
      ${ago(sql, options.minutes)})
    RETURNING id`;
  if (!usage || !row) return;
  await sql`
    INSERT INTO model_calls (chat_id, root_chat_id, owner_id, message_id, kind, model_config_id, provider, model,
      input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, cost_micros, created_at)
    VALUES (${chatId}, ${options.rootId}, ${options.ownerId}, ${row.id}, 'step', ${modelConfigId}, 'openai-compat',
      ${options.isPriced ? "sample-large" : "sample-canary"}, ${usage.input}, ${usage.output}, ${usage.cacheRead},
      ${usage.cacheWrite}, ${costMicros}, ${ago(sql, options.minutes)})`;
}

type SeedUsage = { input: number; output: number; cacheRead: number; cacheWrite: number };

/** Most of a prompt is read from the provider's cache. */
function usageOf([input, output]: [number, number]): SeedUsage {
  const cacheRead = Math.floor(input * 0.8);
  const cacheWrite = Math.floor(input * 0.1);
  return { input: input - cacheRead - cacheWrite, output, cacheRead, cacheWrite };
}

/** At $3, $15, $0.30 and $3.75 a million: in hundredths of a micro-dollar, rounded up once. */
const costOf = ({ input, output, cacheRead, cacheWrite }: SeedUsage): number =>
  Math.ceil((input * 300 + output * 1_500 + cacheRead * 30 + cacheWrite * 375) / 100);

async function insertPullRequest(sql: Sql, { chatId, story }: { chatId: string; story: SeedChat }): Promise<void> {
  const pullRequest = story.pullRequest;
  if (!pullRequest) return;
  const origin = story.repository ?? "https://github.com/example/shop.git";
  const url = pullRequest.number ? `${origin.replace(/\.git$/, "")}/pull/${pullRequest.number}` : null;
  await sql`
    INSERT INTO chat_diff_statuses (chat_id, url, pull_request_state, pull_request_title, pull_request_draft, pr_number,
      head_branch, base_branch, git_branch, git_remote_origin, additions, deletions, changed_files, commits, approved,
      changes_requested, reviewer_count, author_login, refreshed_at)
    VALUES (${chatId}, ${url}, ${pullRequest.state}, ${pullRequest.title ?? ""}, ${pullRequest.draft ?? false},
      ${pullRequest.number ?? null}, ${pullRequest.branch}, 'main', ${pullRequest.branch}, ${origin},
      ${pullRequest.additions}, ${pullRequest.deletions}, ${pullRequest.files}, 1, ${pullRequest.approved ?? null},
      ${pullRequest.changesRequested ?? false}, ${pullRequest.approved ? 1 : 0}, 'mara', ${ago(sql, story.minutes)})`;
}

/** Opens the database the server would use. @throws Error while a server of ours uses the embedded one. */
async function main(): Promise<void> {
  const env = readEnv();
  const embedded = env.DATABASE_URL ? undefined : await startEmbeddedPostgres({ dataDir: env.SLIPWAY_DATA_DIR });
  const address: DatabaseAddress = embedded?.address ?? { kind: "url", url: env.DATABASE_URL ?? "" };
  try {
    await migrateDatabase({ address, folder: fileURLToPath(new URL("../drizzle", import.meta.url)) });
    const sql = createSql(address, { max: 1 });
    try {
      const has = (flag: string) => process.argv.includes(flag);
      const seeded = await seedDatabase(sql, { force: has("--force"), large: has("--large") ? LARGE : undefined });
      const signIn = seeded.password ? `; sign in as ${PERSON.email} with the password ${seeded.password}` : "";
      console.log(`${seeded.chatCount} agents of ${seeded.username}${signIn}.`);
    } finally {
      await sql.end({ timeout: 2 });
    }
  } finally {
    await embedded?.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
