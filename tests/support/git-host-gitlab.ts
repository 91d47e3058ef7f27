/** GitLab's routes and shapes (v4, recorded 2026-11 from gitlab.com and its documentation) over the fake host's model. */
import {
  type FakeAccount,
  type FakeCheck,
  type FakeGitHost,
  type FakePull,
  type FakeRepository,
  type HostReply,
  type HostRequest,
  numberOf,
  sha,
} from "./git-host";

type World = { host: FakeGitHost; repositories: Map<string, FakeRepository>; webUrl: () => string };
type Found = HostRequest & { repository: FakeRepository; rest: string };

const missing = (what: string): HostReply => ({ status: 404, body: { message: `404 ${what} Not Found` } });
const ok = (body: unknown, headers?: Record<string, string>): HostReply => ({
  status: 200,
  body,
  ...(headers && { headers }),
});

export function gitlabRoutes(world: World) {
  return (request: HostRequest, account?: FakeAccount): HostReply => {
    const path = request.rawPath;
    if (path === "/user") return ok(person(world, account));
    // An OAuth token is refused here (400), a personal one tells of itself.
    if (path === "/personal_access_tokens/self") {
      return account?.scopes
        ? ok({ id: 1, active: true, scopes: account.scopes.split(", ") })
        : { status: 400, body: { message: "400 Bad request" } };
    }
    const [, id = "", rest = ""] = /^\/projects\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    const name = decodeURIComponent(id).toLowerCase();
    const repository = /^\d+$/.test(name)
      ? [...world.repositories.values()].find((each) => projectId(each) === Number(name))
      : world.repositories.get(name);
    if (!repository) return missing("Project");
    if (repository.movedTo) {
      const to = world.repositories.get(repository.movedTo.toLowerCase());
      const location = `${world.host.apiBaseUrl}/projects/${to && projectId(to)}${rest}?${request.query}`;
      return { status: 301, headers: { location }, body: { message: "This resource has been moved permanently" } };
    }
    return inProject(world, { ...request, repository, rest });
  };
}

const projectId = ({ owner, name }: { owner: string; name: string }) => numberOf(`${owner}/${name}`.toLowerCase());
const isProgram = (login: string) => login.endsWith("[bot]");
const usernameOf = (login: string) => (isProgram(login) ? "project_7_bot_4ffca233d8298ea1" : login);
const user = (world: World, login: string) => ({
  id: numberOf(login),
  username: usernameOf(login),
  name: login,
  state: "active",
  avatar_url: `${world.webUrl()}/uploads/${login}.png`,
  web_url: `${world.webUrl()}/${login}`,
});

const person = (world: World, account: FakeAccount | undefined) => ({
  ...user(world, account?.login ?? "octocat"),
  id: account?.id ?? 1,
  name: account?.name ?? "The Octocat",
  email: account?.email ?? "",
  commit_email: account?.email ?? "",
});

function inProject(world: World, request: Found): HostReply {
  const { repository, rest, method, query } = request;
  if (rest === "") return ok(project(repository));
  if (rest === "/merge_requests" && method === "POST") return create(world, request);
  if (rest === "/merge_requests") return list(world, request);
  const [, iid, part] = /^\/merge_requests\/(\d+)(\/.*)?$/.exec(rest) ?? [];
  if (iid) return inMerge(world, request, { number: Number(iid), part: part ?? "" });
  if (rest === "/repository/compare") {
    const diff = repository.branchDiffs.get(query.get("to") ?? "");
    if (diff === undefined || query.get("from") !== repository.defaultBranch) return missing("Ref");
    return ok({ commit: null, commits: [], diffs: toFiles(diff), compare_timeout: false, compare_same_ref: false });
  }
  const [, branch] = /^\/repository\/branches\/([^/]+)$/.exec(rest) ?? [];
  if (branch) {
    const name = decodeURIComponent(branch);
    return ok({
      name,
      default: name === repository.defaultBranch,
      commit: { id: sha(name), short_id: sha(name).slice(0, 8) },
    });
  }
  const [, commit] = /^\/repository\/commits\/([0-9a-f]{40})\/statuses$/.exec(rest) ?? [];
  if (commit) {
    const named = [...repository.checks].find(([ref]) => ref === commit || sha(ref) === commit)?.[1] ?? [];
    return ok(named.map((check, id) => status(world, check, { id, commit })));
  }
  const [, userId] = /^\/members\/all\/(\d+)$/.exec(rest) ?? [];
  const writer = [...repository.writers].find((login) => numberOf(login) === Number(userId));
  if (userId) return writer ? ok({ ...user(world, writer), access_level: 30, expires_at: null }) : missing("Not found");
  return missing("Not found");
}

const project = (repository: FakeRepository) => ({
  id: projectId(repository),
  path: repository.name,
  path_with_namespace: `${repository.owner}/${repository.name}`,
  namespace: { full_path: repository.owner, kind: "group" },
  default_branch: repository.defaultBranch,
  ...(repository.parent && {
    forked_from_project: {
      id: projectId(repository.parent),
      path_with_namespace: `${repository.parent.owner}/${repository.parent.name}`,
    },
  }),
});

function list(world: World, { repository, query, rawPath }: Found): HostReply {
  const branch = query.get("source_branch");
  const all = [...repository.pulls.values()]
    .filter((pull) => query.get("state") !== "opened" || pull.state === "open")
    .filter((pull) => branch === null || pull.head.ref === branch)
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  const size = Number(query.get("per_page") ?? 20);
  const page = Number(query.get("page") ?? 1);
  const next = `<${world.host.apiBaseUrl}${rawPath}?page=${page + 1}>; rel="next"`;
  const body = all.slice((page - 1) * size, page * size).map((pull) => merge(world, repository, pull));
  return ok(body, { "x-total": String(all.length), ...(all.length > page * size ? { link: next } : {}) });
}

function inMerge(world: World, { repository }: Found, { number, part }: { number: number; part: string }): HostReply {
  const pull = repository.pulls.get(number);
  if (!pull) return missing("Not found");
  switch (part) {
    case "":
      return ok(whole(world, repository, pull));
    case "/commits":
      return ok([{ id: pull.head.sha }], { "x-total": String(pull.commits) });
    case "/diffs":
      return ok([changed(pull)]);
    case "/raw_diffs":
      return ok(pull.diff);
    case "/approvals":
      return ok(approvals(world, pull));
    case "/reviewers":
      return ok(reviewers(world, pull));
    case "/notes":
      return ok(notes(world, pull));
    default:
      return missing("Not found");
  }
}

/** One file with as many lines as the model says. */
const changed = ({ additions, deletions }: FakePull) => ({
  old_path: "a",
  new_path: "a",
  a_mode: "100644",
  b_mode: "100644",
  new_file: false,
  renamed_file: false,
  deleted_file: false,
  diff: `@@ -1,${deletions} +1,${additions} @@\n${"-old\n".repeat(deletions)}${"+new\n".repeat(additions)}`,
});

const toFiles = (diff: string) =>
  diff.split(/^(?=diff --git )/m).map((text) => {
    const [, old_path = "", new_path = ""] = /^diff --git a\/(.+) b\/(.+)$/m.exec(text) ?? [];
    const start = text.indexOf("@@");
    const flags = { new_file: false, renamed_file: old_path !== new_path, deleted_file: false };
    return {
      old_path,
      new_path,
      a_mode: "100644",
      b_mode: "100644",
      ...flags,
      diff: start < 0 ? "" : text.slice(start),
    };
  });

/** Each reviewer's last word, as GitLab keeps no others. */
const lastWords = ({ reviews }: FakePull) => new Map(reviews.map((review) => [review.author, review]));

function approvals(world: World, pull: FakePull) {
  const by = [...lastWords(pull).values()].filter(({ state }) => state === "APPROVED");
  return {
    approved: true,
    approvals_required: 0,
    approvals_left: 0,
    approved_by: by.map(({ author, at }) => ({ user: user(world, author), approved_at: at })),
  };
}

const STATES: Record<string, string> = {
  APPROVED: "approved",
  CHANGES_REQUESTED: "requested_changes",
  COMMENTED: "reviewed",
  DISMISSED: "unapproved",
};
const reviewers = (world: World, pull: FakePull) =>
  [...lastWords(pull).values()].map(({ author, state, at }) => ({
    user: user(world, author),
    state: STATES[state] ?? "unreviewed",
    created_at: at,
  }));

const notes = (world: World, { reviews, comments }: FakePull) => [
  {
    id: 1,
    type: null,
    body: "changed title",
    author: user(world, "ada"),
    system: true,
    created_at: "2026-11-27T00:00:00Z",
  },
  ...reviews
    .filter(({ body }) => body !== "")
    .map(({ id, author, body, at }) => note(world, { id: id + 5_000, author, body, at })),
  ...comments.map((comment) => note(world, comment)),
];

const note = (world: World, { id, author, body, at, path, line }: FakePull["comments"][number]) => ({
  id,
  type: path ? "DiffNote" : null,
  body,
  author: user(world, author),
  system: false,
  noteable_type: "MergeRequest",
  created_at: at,
  ...(path && {
    position: { position_type: "text", old_path: path, new_path: path, old_line: null, new_line: line ?? null },
  }),
});

function create(world: World, { repository, body }: Found): HostReply {
  const { title, source_branch, target_branch, description } = body as Record<string, string>;
  const other = [...repository.pulls.values()].find((pull) => pull.state === "open" && pull.head.ref === source_branch);
  if (other) {
    const message = [`Another open merge request already exists for this source branch: !${other.number}`];
    return { status: 409, body: { message } };
  }
  const draft = String(title).startsWith("Draft: ");
  const given = { title: String(title).replace(/^Draft: /, ""), body: String(description), draft };
  const pull = world.host.open(repository, { branch: String(source_branch), ...given });
  pull.base.ref = String(target_branch);
  return { status: 201, body: whole(world, repository, pull) };
}

function merge(world: World, repository: FakeRepository, pull: FakePull) {
  const { number, title, draft, head, base, author, updatedAt } = pull;
  const [from] = [...world.repositories.values()].filter(
    ({ owner, name }) => owner === head.owner && name === repository.name,
  );
  const openState = pull.state === "open" ? "opened" : "closed";
  return {
    id: number + 1_000,
    iid: number,
    project_id: projectId(repository),
    title: draft ? `Draft: ${title}` : title,
    description: pull.body,
    state: pull.merged ? "merged" : openState,
    draft,
    work_in_progress: draft,
    web_url: `${world.webUrl()}/${repository.owner}/${repository.name}/-/merge_requests/${number}`,
    source_branch: head.ref,
    target_branch: base.ref,
    source_project_id: head.owner === repository.owner ? projectId(repository) : from ? projectId(from) : null,
    target_project_id: projectId(repository),
    sha: head.sha,
    author: user(world, author),
    updated_at: updatedAt,
    created_at: "2026-11-01T08:00:00Z",
    merged_at: pull.merged ? updatedAt : null,
  };
}

const whole = (world: World, repository: FakeRepository, pull: FakePull) => ({
  ...merge(world, repository, pull),
  changes_count: String(pull.changedFiles),
  diff_refs: { base_sha: pull.base.sha, head_sha: pull.head.sha, start_sha: pull.base.sha },
  head_pipeline: { id: 9, sha: pull.head.sha, project_id: projectId(repository), status: "running" },
});

const CONCLUSIONS: Record<string, string> = {
  success: "success",
  failure: "failed",
  cancelled: "canceled",
  skipped: "skipped",
};

const status = (world: World, check: FakeCheck, { id, commit }: { id: number; commit: string }) => ({
  id,
  sha: commit,
  ref: "main",
  name: check.name,
  status: check.status === "completed" ? (CONCLUSIONS[check.conclusion ?? ""] ?? "failed") : "running",
  allow_failure: false,
  description: check.summary ?? null,
  target_url: `${world.webUrl()}/checks/${check.name}`,
});
