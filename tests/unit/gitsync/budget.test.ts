/** Many open pull requests and one token for fourteen hours, on a clock that is moved: the host's own count decides. */
import { expect, test } from "vitest";
import type { ExternalAuthEntry } from "@/lib/external-auth-entries";
import { createGitHosts } from "@/lib/gitproviders/registry";
import type { ClaimedReference, SyncStore } from "@/lib/gitsync/store";
import { createSyncWorker } from "@/lib/gitsync/worker";
import { createFakeClock } from "../../support/fake-clock";
import { createFakeGitHost, type FakeGitHost } from "../../support/git-host";

type Row = ClaimedReference & { dueAt: number };

/** The store's rules over memory and the moved clock. */
function createMemoryStore(rows: Row[], now: () => number): SyncStore & { seen: Set<string> } {
  const limits = new Map<string, number>();
  const byId = new Map(rows.map((row) => [row.chatId, row]));
  const seen = new Set<string>();
  return {
    seen,
    async claim({ limit }) {
      const due = rows
        .filter((row) => row.dueAt <= now())
        .sort((a, b) => a.dueAt - b.dueAt)
        .slice(0, limit);
      for (const row of due) row.dueAt = now() + 300_000;
      return { references: due.map((row) => ({ ...row })), more: due.length === limit };
    },
    async save(reference, { pullRequest, dueInMs }) {
      const row = byId.get(reference.chatId)!;
      row.dueAt = now() + dueInMs;
      if (pullRequest) {
        row.known = pullRequest;
        row.url = pullRequest.url;
        seen.add(row.chatId);
      }
      return true;
    },
    findLimitMs: async ({ scope }) => Math.max(0, (limits.get(scope) ?? 0) - now()),
    saveLimit: async ({ scope, waitMs }) => void limits.set(scope, now() + waitMs),
  };
}

/** A fiftieth of 10,000 pull requests and of an hour's 5,000 requests: the same pressure. */
const REPOSITORIES = 10;
const PULLS = 200;
const LIMIT = 100;

test("open pull requests stay within the hourly limit, ten thousand for five thousand requests, and a change is seen", {
  timeout: 120_000,
}, async () => {
  const clock = createFakeClock(Date.parse("2026-11-27T12:00:00Z"));
  const fake = createFakeGitHost({ now: () => clock.now() });
  fake.hourlyLimit = LIMIT;
  const rows = fill(fake, clock.now());
  const store = createMemoryStore(rows, () => clock.now());
  const entry: ExternalAuthEntry = {
    id: "ghe",
    type: "github",
    apiBaseUrl: fake.apiBaseUrl,
    webUrl: "https://git.example.com",
    oauth: null,
    pattern: null,
    token: "t",
    webhookSecret: null,
  };
  const worker = createSyncWorker(
    {
      store,
      clock,
      hosts: createGitHosts({ entries: [entry], clock, fetch: fake.fetch }),
      resolveToken: async () => ({ token: "t", source: "shared" }),
      onRefused: async () => {},
      onChange: () => {},
    },
    new AbortController().signal,
  );
  const refused: number[] = [];
  const counted: number[] = [];
  for (let hour = 0; hour < 14; hour += 1) {
    for (let minute = 0; minute < 60; minute += 2) {
      fake.requests.length = 0;
      await worker.tick();
      refused.push(fake.requests.filter(({ status }) => status === 403).length);
      counted.push(fake.spent("t"));
      await clock.advance(120_000);
    }
  }
  expect(Math.max(...counted), "what the host counted in any hour").toBeLessThanOrEqual(LIMIT);
  expect(Math.max(...refused), "requests after a limit was told").toBe(0);
  expect(store.seen.size, "pull requests seen").toBe(PULLS);
  const settled = counted.at(-1)!;
  expect(settled, "an hour without changes, once all are known").toBeLessThan(LIMIT / 2);

  const [pull] = fake.repository("acme", "app7").pulls.values();
  fake.change(pull!, { state: "closed", merged: true });
  await worker.tick();
  expect(rows.find((row) => row.url?.endsWith(`/app7/pull/${pull!.number}`))?.known?.state).toBe("merged");
});

function fill(fake: FakeGitHost, nowMs: number): Row[] {
  return Array.from({ length: PULLS }, (_, n) => {
    const name = `app${n % REPOSITORIES}`;
    const branch = `branch${n}`;
    fake.open(fake.repository("acme", name), { branch });
    return {
      chatId: `chat${n}`,
      ownerId: "me",
      rootChatId: null,
      branch,
      origin: `https://git.example.com/acme/${name}.git`,
      url: null,
      repositoryKey: `acme/${name}`,
      lease: "",
      isHinted: false,
      sincePushMs: null,
      known: null,
      syncError: null,
      dueAt: nowMs,
    };
  });
}
