/** Webhooks of GitLab, Forgejo and Gitea: the payloads of their documentation, with each host's own proof, doubled and forged. */
import { createHmac, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "@/lib/clock";
import { parseExternalAuth } from "@/lib/external-auth-entries";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { insertShared } from "../support/one-of-everything";

type Recorded = {
  event: string;
  payload: object;
  repositories: string[];
  /** Null: more may be taken for a hint. */
  branches: string[] | null;
  numbers: number[] | null;
};
const recorded: Record<"gitlab" | "forgejo", Recorded[]> = createRequire(import.meta.url)("../fixtures/webhooks.json");

const SECRETS = { github: "of github", gitlab: "of gitlab", forgejo: "of forgejo" };
const { entries } = parseExternalAuth(
  Object.fromEntries(
    Object.entries(SECRETS).flatMap(([type, secret], index) => [
      [`SLIPWAY_EXTERNAL_AUTH_${index}_TYPE`, type],
      [`SLIPWAY_EXTERNAL_AUTH_${index}_WEBHOOK_SECRET`, secret],
    ]),
  ),
);
const api = await createTestApi({ hosts: createGitHosts({ entries, clock: systemClock }) });
await insertShared(api);
const me = await api.asMember();

const hmac = (secret: string, body: string) => createHmac("sha256", secret).update(body).digest("hex");
/** As each host proves who it is. Gitea is Forgejo's elder and has headers of its own. */
const SENDERS = {
  gitlab: (event: string, id: string, _body: string, secret = SECRETS.gitlab) => ({
    "x-gitlab-event": event,
    "x-gitlab-token": secret,
    "idempotency-key": id,
  }),
  forgejo: (event: string, id: string, body: string, secret = SECRETS.forgejo) => ({
    "x-forgejo-event": event,
    "x-forgejo-delivery": id,
    "x-forgejo-signature": hmac(secret, body),
    "x-gitea-signature": hmac(secret, body),
  }),
  gitea: (event: string, id: string, body: string, secret = SECRETS.forgejo) => ({
    "x-gitea-event": event,
    "x-gitea-delivery": id,
    "x-gitea-signature": hmac(secret, body),
  }),
};

async function post(type: string, body: string, headers: Record<string, string>) {
  const response = await api.anonymous.fetch(`/webhooks/${type}`, { method: "POST", body, headers });
  return { status: response.status, body: await response.json() };
}

type Followed = { repository: string; branch: string; number: number | null };
const FOLLOWED: Followed[] = [
  { repository: "gitlabhq/gitlab-test", branch: "ms-viewport", number: null },
  { repository: "gitlabhq/gitlab-test", branch: "elsewhere", number: 1 },
  { repository: "gitlabhq/gitlab-test", branch: "quiet", number: 900 },
  { repository: "awesome_space/awesome_project", branch: "ms-viewport", number: null },
  { repository: "forgejo/webhooks", branch: "develop", number: null },
  { repository: "forgejo/webhooks", branch: "elsewhere", number: 2 },
  { repository: "someone/else", branch: "ms-viewport", number: 1 },
];
const chats: (Followed & { chatId: string })[] = [];
for (const followed of FOLLOWED) {
  const { id: chatId } = await createChatAs(me);
  const git_remote_origin = `https://host.example/${followed.repository}.git`;
  await me.put(`/chats/${chatId}/git-reference`, { git_branch: followed.branch, git_remote_origin });
  await api.sql`UPDATE chat_diff_statuses SET pr_number = ${followed.number} WHERE chat_id = ${chatId}`;
  chats.push({ ...followed, chatId });
}

beforeEach(() => api.sql`UPDATE chat_diff_statuses SET stale_at = now() + interval '1 hour'`);
const nameOf = ({ repository, branch }: Followed) => `${repository} ${branch}`;
async function marked(): Promise<string[]> {
  const rows = await api.sql`SELECT chat_id FROM chat_diff_statuses WHERE stale_at < now()`;
  const due = new Set(rows.map(({ chat_id }) => chat_id));
  return chats.filter(({ chatId }) => due.has(chatId)).map(nameOf);
}

const cases = (["gitlab", "forgejo", "gitea"] as const).flatMap((sender) =>
  recorded[sender === "gitea" ? "forgejo" : sender].map((each, n) => [sender, n, each.event, each] as const),
);
test.each(cases)(
  "%s %i, %s: marks what it speaks of, once, and never when it is forged",
  async (sender, _n, _, each) => {
    const type = sender === "gitea" ? "forgejo" : sender;
    const [body, id] = [JSON.stringify(each.payload), randomUUID()];
    for (const secret of ["another", "", SECRETS.github]) {
      expect((await post(type, body, SENDERS[sender](each.event, id, body, secret))).status).toBe(401);
    }
    expect(await marked()).toEqual([]);
    const headers = SENDERS[sender](each.event, id, body);
    expect(await post(type, body, headers)).toEqual({ status: 202, body: { accepted: true } });
    const own = await marked();
    const { repositories, branches, numbers } = each;
    const isSpoken = ({ repository, branch, number }: Followed) =>
      repositories.includes(repository) &&
      (branches?.includes(branch) || (number !== null && numbers?.includes(number)));
    if (branches && numbers) expect(own).toEqual(chats.filter(isSpoken).map(nameOf));
    expect(own.every((name) => repositories.some((repository) => name.startsWith(repository)))).toBe(true);
    await api.sql`UPDATE chat_diff_statuses SET stale_at = now() + interval '1 hour'`;
    expect(await post(type, body, headers)).toEqual({ status: 202, body: { accepted: false } });
    expect(await marked()).toEqual([]);
  },
);

describe("bad deliveries", () => {
  test.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["a list", "[1]"],
    [
      "another shape",
      JSON.stringify({ project: 7, object_attributes: "x", merge_request: [], ref: {}, repository: 1 }),
    ],
    [
      "a path that climbs",
      JSON.stringify({ project: { path_with_namespace: "../.." }, ref: "refs/heads/ms-viewport" }),
    ],
    [
      "a number out of range",
      JSON.stringify({ project: { path_with_namespace: "a/b" }, object_attributes: { iid: 1e12 } }),
    ],
    [
      "a NUL in a branch",
      JSON.stringify({ project: { path_with_namespace: "a/b" }, repository: { full_name: "a/b" }, ref: "\0" }),
    ],
    [
      "a NUL in a path",
      JSON.stringify({ project: { path_with_namespace: "gitlabhq/gitlab-test\0" }, ref: "refs/heads/\0" }),
    ],
  ])("%s is taken and ignored", async (_name, body) => {
    for (const sender of ["gitlab", "forgejo"] as const) {
      const { status } = await post(sender, body, SENDERS[sender]("x", randomUUID(), body));
      expect(status).toBe(202);
    }
    expect(await marked()).toEqual([]);
  });

  test("a secret of one host opens no other host's door, and a delivery without an id is known by its bytes", async () => {
    const body = JSON.stringify(recorded.gitlab[0]!.payload);
    expect((await post("forgejo", body, SENDERS.forgejo("push", "1", body, SECRETS.gitlab))).status).toBe(401);
    expect((await post("gitlab", body, SENDERS.gitlab("push", "1", body, SECRETS.forgejo))).status).toBe(401);
    const github = { "x-github-event": "push", "x-hub-signature-256": `sha256=${hmac(SECRETS.gitlab, body)}` };
    expect((await post("github", body, github)).status).toBe(401);
    expect((await post("gitlab", body, {})).status).toBe(401);
    const { "idempotency-key": _id, ...headers } = SENDERS.gitlab("Push Hook", "", body);
    const answers = [await post("gitlab", body, headers), await post("gitlab", body, headers)];
    expect(answers.map(({ body }) => body.accepted)).toEqual([true, false]);
  });

  test("a changed byte breaks Forgejo's signature, a good one of Gitea's does not mend it", async () => {
    const body = JSON.stringify(recorded.forgejo[0]!.payload);
    const headers = SENDERS.forgejo("push", randomUUID(), body);
    expect((await post("forgejo", `${body} `, headers)).status).toBe(401);
    expect((await post("forgejo", body, { ...headers, "x-forgejo-signature": "00" })).status).toBe(401);
  });
});
