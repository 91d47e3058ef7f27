/** GitHub's routes and shapes over the fake host's model. */
import type { FakeAccount, FakeCheck, FakeGitHost, FakePull, FakeRepository, HostReply, HostRequest } from "./git-host";

type World = { host: FakeGitHost; repositories: Map<string, FakeRepository>; webUrl: () => string };
type Found = HostRequest & { repository: FakeRepository; rest: string };

const missing: HostReply = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest" },
};
const nobody: FakeAccount = { id: 1, login: "octocat", name: "The Octocat", email: null, scopes: "repo" };

export function githubRoutes(world: World) {
  return (request: HostRequest, account: FakeAccount = nobody): HostReply => {
    if (request.path === "/user") {
      const { id, login, name, email, scopes } = account;
      const body = { id, login, name, email, avatar_url: `${world.webUrl()}/avatars/${login}`, type: "User" };
      return { status: 200, headers: { "x-oauth-scopes": scopes }, body };
    }
    const [, owner = "", name = "", rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
    const repository = world.repositories.get(`${owner}/${name}`.toLowerCase());
    if (!repository) return missing;
    if (repository.movedTo) {
      const location = `${world.host.apiBaseUrl}/repos/${repository.movedTo}${rest}?${request.query}`;
      return { status: 301, headers: { location }, body: { message: "Moved Permanently", url: location } };
    }
    return inRepository(world, { ...request, repository, rest });
  };
}

function inRepository(world: World, request: Found): HostReply {
  const { repository, rest, method } = request;
  const { owner, name, defaultBranch, parent } = repository;
  if (rest === "") {
    const of = parent && { name: parent.name, owner: { login: parent.owner } };
    return ok({
      name,
      owner: { login: owner },
      default_branch: defaultBranch,
      fork: Boolean(parent),
      ...(of && { parent: of }),
    });
  }
  if (rest === "/pulls" && method === "POST") return create(world, request);
  if (rest === "/pulls") return listPulls(world, request);
  const [, number, part] = /^\/(?:pulls|issues)\/(\d+)(\/.*)?$/.exec(rest) ?? [];
  if (number) return inPull(world, request, { number: Number(number), part: part ?? "" });
  const [, base, head] = /^\/compare\/(.+?)\.\.\.(.+)$/.exec(rest) ?? [];
  if (base && head) {
    const diff = repository.branchDiffs.get(head);
    return diff === undefined ? missing : { status: 200, body: diff };
  }
  const [, ref, what] = /^\/commits\/(.+)\/(check-runs|status)$/.exec(rest) ?? [];
  if (ref && what === "check-runs") {
    const checks = repository.checks.get(ref) ?? [];
    return ok({ total_count: checks.length, check_runs: checks.map((check) => run(world, check)) });
  }
  if (what === "status") return ok({ state: "pending", statuses: [], total_count: 0 });
  const [, username] = /^\/collaborators\/(.+)\/permission$/.exec(rest) ?? [];
  if (username)
    return ok({ permission: repository.writers.has(username) ? "write" : "read", user: { login: username } });
  return missing;
}

const ok = (body: unknown): HostReply => ({ status: 200, body });

function listPulls(world: World, { repository, query, path }: Found): HostReply {
  const [owner, ...branch] = (query.get("head") ?? "").split(":");
  const state = query.get("state") ?? "open";
  const all = [...repository.pulls.values()]
    .filter((pull) => state === "all" || pull.state === state)
    .filter((pull) => !owner || (pull.head.owner === owner && pull.head.ref === branch.join(":")))
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  const size = Number(query.get("per_page") ?? 30);
  const page = Number(query.get("page") ?? 1);
  const body = all.slice((page - 1) * size, page * size).map((pull) => listed(world, repository, pull));
  const hasNext = all.length > page * size;
  const link = `<${world.host.apiBaseUrl}${path}?page=${page + 1}>; rel="next"`;
  return { status: 200, body, headers: hasNext ? { link } : {} };
}

function inPull(world: World, request: Found, { number, part }: { number: number; part: string }): HostReply {
  const { repository, rest, headers } = request;
  const pull = repository.pulls.get(number);
  if (!pull) return missing;
  if (part === "" && headers.get("accept")?.includes("diff")) return { status: 200, body: pull.diff };
  if (part === "") return ok(whole(world, repository, pull));
  if (part === "/reviews") {
    return ok(
      pull.reviews.map(({ id, author, state, body, at, isBot }) => ({
        id,
        user: { login: author, type: isBot ? "Bot" : "User" },
        state,
        body,
        submitted_at: at,
      })),
    );
  }
  const isBeside = rest.startsWith("/pulls/");
  return ok(
    pull.comments
      .filter((comment) => (comment.path !== undefined) === isBeside)
      .map(({ id, author, body, at, path, line }) => ({
        id,
        user: { login: author, type: author.endsWith("[bot]") ? "Bot" : "User" },
        body,
        created_at: at,
        ...(path === undefined ? {} : { path, line: line ?? null }),
      })),
  );
}

function create(world: World, { repository, body }: Found): HostReply {
  const { title, head, base, draft = false, body: text = "" } = body as Record<string, string & boolean>;
  const branch = String(head).split(":").pop() as string;
  const exists = [...repository.pulls.values()].some((pull) => pull.state === "open" && pull.head.ref === branch);
  if (exists) {
    const message = `A pull request already exists for ${repository.owner}:${branch}.`;
    return { status: 422, body: { message: "Validation Failed", errors: [{ resource: "PullRequest", message }] } };
  }
  const pull = world.host.open(repository, { branch, title: String(title), body: String(text), draft: Boolean(draft) });
  pull.base.ref = String(base);
  return { status: 201, body: whole(world, repository, pull) };
}

function listed(world: World, repository: FakeRepository, pull: FakePull) {
  const { number, title, body, state, draft, merged, author, head, base, updatedAt } = pull;
  return {
    id: number + 1_000,
    number,
    html_url: `${world.webUrl()}/${repository.owner}/${repository.name}/pull/${number}`,
    state,
    title,
    body,
    draft,
    created_at: "2026-11-01T08:00:00Z",
    merged_at: merged ? updatedAt : null,
    updated_at: updatedAt,
    user: { login: author, avatar_url: `${world.webUrl()}/avatars/${author}`, type: "User" },
    head: { ref: head.ref, sha: head.sha, label: `${head.owner}:${head.ref}`, user: { login: head.owner } },
    base: { ref: base.ref, sha: base.sha, label: `${repository.owner}:${base.ref}`, user: { login: repository.owner } },
  };
}

const whole = (world: World, repository: FakeRepository, pull: FakePull) => ({
  ...listed(world, repository, pull),
  merged: pull.merged,
  additions: pull.additions,
  deletions: pull.deletions,
  changed_files: pull.changedFiles,
  commits: pull.commits,
  review_comments: pull.comments.length,
});

const run = (world: World, { name, status, conclusion, summary }: FakeCheck) => ({
  name,
  status,
  conclusion,
  html_url: `${world.webUrl()}/checks/${name}`,
  output: { title: summary ?? null, summary: null },
});
