/** Webhooks as GitHub really sends them: the public collection of its payloads, signed, doubled, forged and out of order. */
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { systemClock } from "@/lib/clock";
import { parseExternalAuth } from "@/lib/external-auth-entries";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { createFakeGitHost, type FakePull, type FakeRepository, sha } from "../support/git-host";
import { createTestSyncWorker, deliver, WEBHOOK_SECRET } from "../support/git-sync";
import { insertShared } from "../support/one-of-everything";
import { createRandom, type Random } from "../support/random";

// biome-ignore lint/suspicious/noExplicitAny: payloads of 58 events
type Payload = any;
type Recorded = { name: string; examples: Payload[] };
const require = createRequire(import.meta.url);
const collection: Recorded[] = require("@octokit/webhooks-examples/api.github.com/index.json");

const fake = createFakeGitHost();
const { entries } = parseExternalAuth({
  SLIPWAY_EXTERNAL_AUTH_0_TYPE: "github",
  SLIPWAY_EXTERNAL_AUTH_0_API_BASE_URL: fake.apiBaseUrl,
  SLIPWAY_EXTERNAL_AUTH_0_TOKEN: "shared",
  SLIPWAY_EXTERNAL_AUTH_0_WEBHOOK_SECRET: WEBHOOK_SECRET,
});
const hosts = createGitHosts({ entries, clock: systemClock, fetch: fake.fetch, deadlineMs: 200 });
const api = await createTestApi({ hosts });
await insertShared(api);
const me = await api.asMember();
const worker = createTestSyncWorker(api, hosts);

type Followed = { repository: string; branch: string; number: number | null };

/** What a person reads in a payload of a kind that concerns pull requests; undefined for all other kinds. */
function spokenOf(
  event: string,
  payload: Payload,
): { repositories: string[]; branches: string[]; numbers: number[] } | undefined {
  const pull = payload.pull_request;
  const suite = payload.check_suite ?? payload.check_run?.check_suite ?? payload.workflow_run;
  const repositories = [payload.repository?.full_name, pull?.head?.repo?.full_name].filter(Boolean);
  const listed = [...(suite?.pull_requests ?? []), ...(payload.check_run?.pull_requests ?? [])];
  switch (event) {
    case "pull_request":
    case "pull_request_review":
    case "pull_request_review_comment":
    case "pull_request_review_thread":
      return { repositories, branches: [pull.head.ref], numbers: [pull.number] };
    case "issue_comment":
    case "issues":
      return { repositories, branches: [], numbers: payload.issue.pull_request ? [payload.issue.number] : [] };
    case "check_run":
    case "check_suite":
    case "workflow_run":
      return { repositories, branches: [suite.head_branch], numbers: listed.map(({ number }: Payload) => number) };
    case "status":
      return { repositories, branches: payload.branches.map(({ name }: Payload) => name), numbers: [] };
    case "push": {
      const isBranch = payload.ref.startsWith("refs/heads/");
      return { repositories, branches: isBranch ? [payload.ref.slice("refs/heads/".length)] : [], numbers: [] };
    }
    default:
      return undefined;
  }
}

/** Chats that follow what the collection speaks of, and some that follow other things. */
const FOLLOWED: Followed[] = [
  { repository: "Codertocat/Hello-World", branch: "changes", number: null },
  { repository: "Codertocat/Hello-World", branch: "elsewhere", number: 2 },
  { repository: "Codertocat/Hello-World", branch: "master", number: null },
  { repository: "Codertocat/Hello-World", branch: "main", number: 900 },
  { repository: "Codertocat/Hello-World", branch: "quiet", number: 901 },
  { repository: "octo-org/octo-repo", branch: "issue-comment", number: null },
  { repository: "octo-org/octo-repo", branch: "elsewhere", number: 2 },
  { repository: "someone/else", branch: "changes", number: 2 },
];

describe("the public collection", async () => {
  const chats: (Followed & { chatId: string })[] = [];
  for (const followed of FOLLOWED) {
    const { id: chatId } = await createChatAs(me);
    const git_remote_origin = `https://git.example.com/${followed.repository}.git`;
    await me.put(`/chats/${chatId}/git-reference`, { git_branch: followed.branch, git_remote_origin });
    await api.sql`UPDATE chat_diff_statuses SET pr_number = ${followed.number} WHERE chat_id = ${chatId}`;
    chats.push({ ...followed, chatId });
  }
  const ids = chats.map(({ chatId }) => chatId);
  const forget = () =>
    api.sql`UPDATE chat_diff_statuses SET stale_at = now() + interval '1 hour' WHERE chat_id = ANY(${ids})`;
  const marked = async () => {
    const rows = await api.sql`SELECT chat_id FROM chat_diff_statuses WHERE chat_id = ANY(${ids}) AND stale_at < now()`;
    return new Set(rows.map(({ chat_id }) => chat_id));
  };
  const named = (found: Set<string>) =>
    chats.filter(({ chatId }) => found.has(chatId)).map(({ repository, branch }) => `${repository} ${branch}`);

  test("covers the events that concern pull requests", () => {
    const names = collection.filter(({ examples }) => examples.length > 0).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["pull_request", "pull_request_review", "check_run", "ping", "installation"]),
    );
    expect(names.length).toBeGreaterThan(50);
  });

  test.each(collection.map(({ name, examples }) => [name, examples] as const))(
    "%s marks what it speaks of, once, and never when it is forged",
    async (event, examples) => {
      for (const [n, payload] of examples.entries()) {
        await forget();
        const id = `${event} ${n}`;
        expect((await deliver(api, event, payload, { id, secret: "another" })).status, id).toBe(401);
        expect(await marked(), id).toEqual(new Set());
        expect(await deliver(api, event, payload, { id }), id).toEqual({ status: 202, body: { accepted: true } });
        const spoken = spokenOf(event, payload);
        const own = named(await marked());
        const expected = chats.filter(
          ({ repository, branch, number }) =>
            spoken?.repositories.includes(repository) &&
            (spoken.branches.includes(branch) || (number !== null && spoken.numbers.includes(number))),
        );
        const names = expected.map(({ repository, branch }) => `${repository} ${branch}`);
        if (spoken) expect(own, id).toEqual(names);
        // Others may be taken for a hint, but not about another repository.
        else
          expect(
            own.every((name) => name.startsWith(payload.repository?.full_name)),
            id,
          ).toBe(true);
        await forget();
        expect(await deliver(api, event, payload, { id }), id).toEqual({ status: 202, body: { accepted: false } });
        expect(await marked(), id).toEqual(new Set());
      }
    },
  );
});

/** What the product should say in the end, kept beside the host and not read from it. */
type Model = {
  pull_request_state: string;
  pull_request_title: string;
  pull_request_draft: boolean;
  approved: boolean;
  changes_requested: boolean;
  checks: { state: string } | null;
};

type Story = { repository: FakeRepository; pull: FakePull; model: Model; random: Random };
type Step = { event: string; action?: string; happen: (story: Story) => void };

const review = (state: string) => ({ id: 1, author: "ada", state, body: "", at: "2026-11-27T10:00:00Z" });
const checked = ({ repository, pull, model }: Story, conclusion: string | null) => {
  const status = conclusion ? "completed" : "in_progress";
  repository.checks.set(pull.head.sha, [{ name: "build", status, conclusion }]);
  const states: Record<string, string> = { success: "passing", failure: "failing" };
  model.checks = { state: states[conclusion ?? ""] ?? "pending" };
};
const changed = (change: Partial<FakePull>, model: Partial<Model>) => (story: Story) => {
  fake.change(story.pull, change);
  Object.assign(story.model, model);
};

const STEPS: Step[] = [
  {
    event: "pull_request",
    action: "converted_to_draft",
    happen: changed({ draft: true }, { pull_request_draft: true }),
  },
  {
    event: "pull_request",
    action: "ready_for_review",
    happen: changed({ draft: false }, { pull_request_draft: false }),
  },
  { event: "pull_request", action: "closed", happen: changed({ state: "closed" }, { pull_request_state: "closed" }) },
  { event: "pull_request", action: "reopened", happen: changed({ state: "open" }, { pull_request_state: "open" }) },
  {
    event: "pull_request",
    action: "edited",
    happen: (story) => {
      const title = `Title ${story.random.below(1_000)}`;
      changed({ title }, { pull_request_title: title })(story);
    },
  },
  {
    event: "pull_request",
    action: "synchronize",
    happen: (story) => {
      const { ref, owner } = story.pull.head;
      changed({ head: { owner, ref, sha: sha(String(story.random.below(1e9))) } }, { checks: null })(story);
    },
  },
  {
    event: "pull_request_review",
    action: "submitted",
    happen: (story) => {
      const isGood = story.random.chance(0.5);
      const state = isGood ? "APPROVED" : "CHANGES_REQUESTED";
      changed({ reviews: [review(state)] }, { approved: isGood, changes_requested: !isGood })(story);
    },
  },
  {
    event: "pull_request_review",
    action: "dismissed",
    happen: changed({ reviews: [review("DISMISSED")] }, { approved: false, changes_requested: false }),
  },
  { event: "pull_request_review_comment", action: "created", happen: () => {} },
  { event: "issue_comment", action: "created", happen: () => {} },
  { event: "check_run", action: "created", happen: (story) => checked(story, null) },
  {
    event: "check_run",
    action: "completed",
    happen: (story) => checked(story, story.random.pick(["success", "failure"])),
  },
  { event: "check_suite", action: "completed", happen: (story) => checked(story, "success") },
  { event: "status", happen: (story) => checked(story, "failure") },
  { event: "push", happen: () => {} },
];

/** The recorded payload of that kind, about this story's pull request. */
function payloadOf({ event, action }: Step, { repository, pull }: Story): Payload {
  const kind = collection.find(({ name }) => name === event)!;
  const payload = structuredClone(kind.examples.find((each) => !action || each.action === action) ?? kind.examples[0]);
  payload.action = action;
  payload.repository.full_name = `${repository.owner}/${repository.name}`;
  const about = { number: pull.number, head: { ref: pull.head.ref, repo: payload.repository } };
  if (payload.number) payload.number = pull.number;
  if (payload.pull_request) Object.assign(payload.pull_request, about);
  if (payload.issue) Object.assign(payload.issue, { number: pull.number, pull_request: { url: "https://x" } });
  if (payload.branches) payload.branches = [{ name: pull.head.ref }];
  if (event === "push") payload.ref = `refs/heads/${pull.head.ref}`;
  const suite = payload.check_suite ?? payload.check_run?.check_suite;
  if (suite) Object.assign(suite, { head_branch: pull.head.ref, pull_requests: [] });
  if (payload.check_run) payload.check_run.pull_requests = [];
  return payload;
}

test.each([1, 2, 3, 4, 5, 6])("story %i: doubled and out of order, the end is what happened", async (seed) => {
  const random = createRandom(seed);
  const { id: chatId } = await createChatAs(me);
  const repository = fake.repository("acme", `story${seed}`);
  const git_remote_origin = `https://git.example.com/acme/story${seed}.git`;
  await me.put(`/chats/${chatId}/git-reference`, { git_branch: "slipway/fix", git_remote_origin });
  const pull = fake.open(repository, { branch: "slipway/fix", title: "Begin" });
  const model: Model = {
    pull_request_state: "open",
    pull_request_title: "Begin",
    pull_request_draft: false,
    approved: false,
    changes_requested: false,
    checks: null,
  };
  const story: Story = { repository, pull, model, random };
  await worker.tick();
  const waiting: { event: string; payload: Payload; id: string }[] = [];
  const deliverOne = async () => {
    const [delivery] = waiting.splice(random.below(waiting.length), 1);
    if (delivery) expect((await deliver(api, delivery.event, delivery.payload, { id: delivery.id })).status).toBe(202);
  };
  for (let n = 0; n < 25; n += 1) {
    const step = random.pick(STEPS);
    step.happen(story);
    const delivery = { event: step.event, payload: payloadOf(step, story), id: `story ${seed}.${n}` };
    waiting.push(delivery, delivery);
    while (waiting.length > 0 && random.chance(0.6)) await deliverOne();
    if (random.chance(0.3)) await worker.tick();
  }
  while (waiting.length > 0) await deliverOne();
  await worker.tick();
  const { diff_status } = (await me.get(`/chats/${chatId}`)).body;
  expect(diff_status).toMatchObject({ ...model, checks: model.checks && expect.objectContaining(model.checks) });
});

test("Forgejo's deliveries, which carry GitHub's headers and signature beside its own, are taken too", async () => {
  const { id: chatId } = await createChatAs(me);
  const git_remote_origin = "https://git.example.com/acme/forge.git";
  await me.put(`/chats/${chatId}/git-reference`, { git_branch: "slipway/lamp", git_remote_origin });
  const isMarked = async () => {
    const [row] = await api.sql`SELECT stale_at < now() AS due FROM chat_diff_statuses WHERE chat_id = ${chatId}`;
    return row?.due;
  };
  const repository = {
    id: 3,
    name: "forge",
    full_name: "acme/forge",
    owner: { id: 2, login: "acme", username: "acme" },
  };
  const pull_request = { id: 4, number: 7, head: { label: "slipway/lamp", ref: "slipway/lamp", repo: repository } };
  for (const [event, payload] of [
    ["pull_request", { action: "synchronized", number: 7, pull_request, repository, sender: { login: "ada" } }],
    ["push", { ref: "refs/heads/slipway/lamp", before: "a", after: "b", commits: [], total_commits: 0, repository }],
    [
      "pull_request_approved",
      { action: "reviewed", number: 7, pull_request, repository, review: { type: "pull_request_review_approved" } },
    ],
  ] as const) {
    await api.sql`UPDATE chat_diff_statuses SET stale_at = now() + interval '1 hour' WHERE chat_id = ${chatId}`;
    expect((await deliver(api, event, payload)).body, event).toEqual({ accepted: true });
    expect(await isMarked(), event).toBe(true);
  }
});
