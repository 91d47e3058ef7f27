/** The pull-request worker over many open pull requests and one token, on a clock that is moved; the host itself counts. */
import type { ExternalAuthEntry } from "@/lib/external-auth-entries";
import { createGitHosts } from "@/lib/gitproviders/registry";
import type { ClaimedReference, SyncStore } from "@/lib/gitsync/store";
import { createSyncWorker, type SyncWorker } from "@/lib/gitsync/worker";
import { createFakeClock, type FakeClock } from "./fake-clock";
import { createFakeGitHost, type FakeGitHost } from "./git-host";

export type SimulatedRow = ClaimedReference & { dueAt: number };
type Size = { pulls: number; repositories: number; hourlyLimit: number };

export type SyncSimulation = {
  clock: FakeClock;
  fake: FakeGitHost;
  rows: SimulatedRow[];
  worker: SyncWorker;
  /** Chats whose pull request was seen. */
  seen: Set<string>;
  /** Looks every two minutes for so long. */
  run(hours: number): Promise<Counted>;
};

export type Counted = {
  /** What the host counted, after each look: requests of the hour so far. */
  counted: number[];
  /** Requests that the host refused for its limit. */
  refused: number;
};

const TICK_MS = 120_000;
const LEASE_MS = 300_000;

export function createSyncSimulation(size: Size): SyncSimulation {
  const clock = createFakeClock(Date.parse("2026-11-27T12:00:00Z"));
  const fake = createFakeGitHost({ now: () => clock.now() });
  fake.hourlyLimit = size.hourlyLimit;
  const rows = fill(fake, size, clock.now());
  const { store, seen } = createMemoryStore(rows, () => clock.now());
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
  return { clock, fake, rows, worker, seen, run: (hours) => run({ clock, fake, worker }, hours) };
}

async function run({ clock, fake, worker }: Pick<SyncSimulation, "clock" | "fake" | "worker">, hours: number) {
  const counted: number[] = [];
  let refused = 0;
  for (let tick = 0; tick < (hours * 3_600_000) / TICK_MS; tick += 1) {
    fake.requests.length = 0;
    await worker.tick();
    refused += fake.requests.filter(({ status }) => status === 403).length;
    counted.push(fake.spent("t"));
    await clock.advance(TICK_MS);
  }
  return { counted, refused };
}

/** The store's rules over memory and the moved clock. What is due is sorted once for each instant. */
function createMemoryStore(rows: SimulatedRow[], now: () => number): { store: SyncStore; seen: Set<string> } {
  const limits = new Map<string, number>();
  const byId = new Map(rows.map((row) => [row.chatId, row]));
  const seen = new Set<string>();
  let sorted = { at: Number.NaN, due: [] as SimulatedRow[] };
  const nextDue = (limit: number): SimulatedRow[] => {
    if (sorted.at !== now()) {
      const due = rows.filter((row) => row.dueAt <= now()).sort((a, b) => b.dueAt - a.dueAt);
      sorted = { at: now(), due };
    }
    return sorted.due.splice(-limit).reverse();
  };
  const store: SyncStore = {
    async claim({ limit }) {
      const due = nextDue(limit);
      for (const row of due) row.dueAt = now() + LEASE_MS;
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
  return { store, seen };
}

function fill(fake: FakeGitHost, { pulls, repositories }: Size, nowMs: number): SimulatedRow[] {
  return Array.from({ length: pulls }, (_, n) => {
    const name = `app${n % repositories}`;
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
