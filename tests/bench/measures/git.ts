/** Following 10,000 open pull requests: what it costs of a token's hour, on a moved clock, and what a claim costs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Sql } from "postgres";
import { createSql } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
import { createSyncStore } from "@/db/queries/git-sync";
import { newId } from "@/lib/ids";
import { createSyncSimulation } from "../../support/sync-simulation";
import { median, percentile, type Row } from "../stats";

const PULLS = 10_000;
const REPOSITORIES = 500;
const HOURLY_LIMIT = 5_000;
/** Until all are known, at five requests each, and two hours of calm. */
const HOURS = 14;
/** As the worker claims. */
const BATCH = 50;
const MAX_CLAIM_MS = 5;

export async function measureGit(): Promise<Row[]> {
  return [...(await measureClaims()), ...(await measureRequests())];
}

async function measureRequests(): Promise<Row[]> {
  const simulation = createSyncSimulation({ pulls: PULLS, repositories: REPOSITORIES, hourlyLimit: HOURLY_LIMIT });
  const { counted, refused } = await simulation.run(HOURS);
  const most = Math.max(...counted);
  const calm = counted.at(-1) ?? Number.NaN;
  const what = `${PULLS.toLocaleString("en-US")} open pull requests`;
  return [
    row(`${what}: requests in the fullest hour`, most, `≤ ${HOURLY_LIMIT}`, most <= HOURLY_LIMIT),
    row(`${what}: requests in an hour without changes`, calm, `≤ ${HOURLY_LIMIT / 2}`, calm <= HOURLY_LIMIT / 2),
    row(`${what}: requests after a limit was told`, refused, "0", refused === 0),
    row(`${what}: not seen`, PULLS - simulation.seen.size, "0", simulation.seen.size === PULLS),
  ];
}

const row = (what: string, value: number, target: string, met: boolean): Row => ({
  what,
  value,
  unit: "",
  floor: null,
  target,
  met,
});

async function measureClaims(): Promise<Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-bench-git-"));
  const postgres = await startEmbeddedPostgres({ dataDir });
  await migrateDatabase({
    address: postgres.address,
    folder: fileURLToPath(new URL("../../../drizzle", import.meta.url)),
  });
  const sql = createSql(postgres.address, { max: 3 });
  try {
    await seed(sql);
    const floor = await timed(() => sql`SELECT 1`);
    const { claims, marks } = await claimAll(sql);
    const compared = { what: "SELECT 1", value: median(floor) };
    return [
      { ...claimRow("p50", median(claims)), floor: compared },
      { ...claimRow("p95", percentile(claims, 0.95)), floor: compared, target: "", met: true },
      { ...claimRow("p50 while every row is marked", median(marks)), floor: compared },
    ];
  } finally {
    await sql.end();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const claimRow = (what: string, value: number): Row => ({
  what: `claim of ${BATCH} among ${PULLS.toLocaleString("en-US")}, ${what}`,
  value,
  unit: "ms",
  floor: null,
  target: `≤ ${MAX_CLAIM_MS} ms`,
  met: value <= MAX_CLAIM_MS,
});

/** Three rounds over all: each is due, claimed with its batch, looked at and saved, as the worker does. */
async function claimAll(sql: Sql): Promise<{ claims: number[]; marks: number[] }> {
  const store = createSyncStore(sql);
  const rounds: number[][] = [];
  for (const mark of ["1 second", "1 second", "1 day"]) {
    await sql`UPDATE chat_diff_statuses SET stale_at = now() - ${mark}::interval - random() * interval '1 hour'`;
    const durations: number[] = [];
    for (let more = true; more; ) {
      const start = performance.now();
      const claimed = await store.claim({ limit: BATCH });
      durations.push(performance.now() - start);
      more = claimed.more;
      for (const reference of claimed.references) {
        await store.save(reference, { pullRequest: reference.known, syncError: null, dueInMs: 120_000 });
      }
    }
    rounds.push(durations.slice(0, -1));
  }
  const [first = [], second = [], third = []] = rounds;
  return { claims: [...first, ...second], marks: third };
}

/** Ten thousand roots that follow an open pull request each, among as many chats that follow none. */
async function seed(sql: Sql): Promise<void> {
  const [ownerId, providerId, modelConfigId] = [newId(), newId(), newId()];
  await sql`INSERT INTO users (id, email, username) VALUES (${ownerId}, 'bench@example.test', 'bench')`;
  await sql`INSERT INTO chat_providers (id, provider, display_name) VALUES (${providerId}, 'openai', 'Bench')`;
  await sql`INSERT INTO chat_model_configs (id, provider_id, model, display_name, context_limit, compression_threshold)
    VALUES (${modelConfigId}, ${providerId}, 'bench', 'Bench', 200000, 70)`;
  await sql`INSERT INTO chats (id, owner_id, title, status, last_model_config_id)
    SELECT gen_random_uuid(), ${ownerId}, 'Chat ' || n, 'waiting', ${modelConfigId}
    FROM generate_series(1, ${2 * PULLS}::int) n`;
  await sql`
    INSERT INTO chat_diff_statuses (chat_id, git_branch, git_remote_origin, repository_key, url, pr_number,
      pull_request_state, pull_request_title, head_branch, head_sha, base_branch, additions, deletions, changed_files,
      commits, author_login, reviewer_count, approved, checks)
    SELECT id, 'slipway/fix-' || n, 'https://git.example.com/acme/app' || n % ${REPOSITORIES}::int,
      'acme/app' || n % ${REPOSITORIES}::int, 'https://git.example.com/acme/app/pull/' || n, n, 'open',
      'A title of the usual length for a change ' || n, 'slipway/fix-' || n, md5(n::text), 'main', 10, 5, 3, 2,
      'octocat', 1, false, '{"state": "passing", "passed": 12, "failed": 0, "pending": 0}'
    FROM (SELECT id, row_number() OVER ()::int AS n FROM chats) c WHERE n <= ${PULLS}::int`;
  await sql`ANALYZE`;
}

async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const durations: number[] = [];
  for (let sample = 0; sample < 200; sample++) {
    const start = performance.now();
    await work();
    durations.push(performance.now() - start);
  }
  return durations;
}
