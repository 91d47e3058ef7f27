/** Forgejo's routes and shapes (v1, recorded 2026-11 from codeberg.org and its documentation) over the fake host's model. */
import {
  type FakeAccount,
  type FakeCheck,
  type FakeComment,
  type FakeGitHost,
  type FakePull,
  type FakeRepository,
  type FakeReview,
  type HostReply,
  type HostRequest,
  numberOf,
  sha,
} from "./git-host";

type World = { host: FakeGitHost; repositories: Map<string, FakeRepository>; webUrl: () => string };
type Found = HostRequest & { repository: FakeRepository; rest: string };

const missing: HostReply = {
  status: 404,
  body: { message: "The target couldn't be found.", url: "/api/swagger", errors: [] },
};
const ok = (body: unknown, headers?: Record<string, string>): HostReply => ({
  status: 200,
  body,
  ...(headers && { headers }),
});

export function forgejoRoutes(world: World) {
  return (request: HostRequest, account?: FakeAccount): HostReply => {
    if (request.path === "/user") {
      const { id, login, name, email } = account ?? { id: 1, login: "octocat", name: "The Octocat", email: null };
      return ok({ ...user(world, login), id, full_name: name, email: email ?? "" });
    }
    const [, owner = "", name = "", rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
    const repository = world.repositories.get(`${owner}/${name}`.toLowerCase());
    if (!repository) return missing;
    if (repository.movedTo) {
      const location = `${world.host.apiBaseUrl}/repos/${repository.movedTo}${rest}?${request.query}`;
      return { status: 307, headers: { location }, body: "" };
    }
    return inRepository(world, { ...request, repository, rest });
  };
}

const isProgram = (login: string) => login.endsWith("[bot]");
const user = (world: World, login: string) => ({
  id: isProgram(login) ? -2 : numberOf(login),
  login,
  full_name: "",
  email: `${login}@noreply.git.example.com`,
  avatar_url: `${world.webUrl()}/avatars/${login}`,
});
const named = ({ owner, name }: { owner: string; name: string }) => ({
  id: numberOf(`${owner}/${name}`),
  name,
  full_name: `${owner}/${name}`,
  owner: { id: numberOf(owner), login: owner },
});

function inRepository(world: World, request: Found): HostReply {
  const { repository, rest, method } = request;
  const { defaultBranch, parent, checks, writers } = repository;
  if (rest === "") {
    return ok({
      ...named(repository),
      default_branch: defaultBranch,
      fork: Boolean(parent),
      parent: parent ? named(parent) : null,
    });
  }
  if (rest === "/pulls" && method === "POST") return create(world, request);
  if (rest === "/pulls") return list(world, request);
  if (rest === "/assignees") return ok([...writers].map((login) => user(world, login)));
  // Only an administrator of the repository may ask about others.
  if (/^\/collaborators\/.+\/permission$/.test(rest)) {
    return {
      status: 403,
      body: {
        message:
          "Only admins can query all permissions, repo admins can query all repo permissions, collaborators can query only their own",
      },
    };
  }
  const [, number, part] = /^\/(?:pulls|issues)\/(\d+)(\.diff|\/.*)?$/.exec(rest) ?? [];
  if (number) return inPull(world, request, { number: Number(number), part: part ?? "" });
  const [, base, head] = /^\/compare\/(.+?)\.\.\.(.+)$/.exec(rest) ?? [];
  if (head) return base === defaultBranch && repository.branchDiffs.has(head) ? compared(repository, head) : missing;
  const [, commit] = /^\/git\/commits\/(.+)\.diff$/.exec(rest) ?? [];
  const branch = [...repository.branchDiffs.keys()].find((name) => sha(name) === commit);
  if (commit) return branch === undefined ? missing : ok(repository.branchDiffs.get(branch));
  const [, ref] = /^\/commits\/([^/]+)\/status$/.exec(rest) ?? [];
  const known = [...checks].find(([name]) => name === ref || sha(name) === ref)?.[1];
  if (ref)
    return ok({
      state: "",
      sha: ref,
      total_count: known?.length ?? 0,
      statuses: known?.map((check, id) => status(world, check, id)) ?? null,
    });
  return missing;
}

const compared = (_repository: FakeRepository, head: string) =>
  ok({ total_commits: 1, commits: [{ sha: sha(head), files: null }] });

function list(world: World, { repository, query, path }: Found): HostReply {
  const all = [...repository.pulls.values()]
    .filter((pull) => query.get("state") !== "open" || pull.state === "open")
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  const size = Math.min(50, Number(query.get("limit") ?? 30));
  const page = Number(query.get("page") ?? 1);
  const next = `<${world.host.apiBaseUrl}${path}?page=${page + 1}>; rel="next"`;
  const body = all.slice((page - 1) * size, page * size).map((pull) => whole(world, repository, pull));
  return ok(body, { "x-total-count": String(all.length), ...(all.length > page * size ? { link: next } : {}) });
}

function inPull(world: World, request: Found, { number, part }: { number: number; part: string }): HostReply {
  const { repository, rest, query } = request;
  const pull = repository.pulls.get(number);
  if (!pull) return missing;
  if (part === ".diff") return ok(pull.diff);
  if (part === "") return ok(whole(world, repository, pull));
  if (part === "/commits") return ok([{ sha: pull.head.sha }], { "x-total-count": String(pull.commits) });
  if (part === "/reviews") {
    const all = [
      ...pull.reviews.map((entry) => review(world, entry)),
      ...pull.comments.filter(isBeside).map((entry) => around(world, entry)),
    ];
    const [page, limit] = [Number(query.get("page") ?? 1), Number(query.get("limit") ?? 30)];
    // A total, and no link to the next page.
    return ok(all.slice((page - 1) * limit, page * limit), { "x-total-count": String(all.length) });
  }
  const [, reviewId] = /^\/reviews\/(\d+)\/comments$/.exec(part) ?? [];
  if (reviewId)
    return ok(pull.comments.filter(({ id }) => AROUND + id === Number(reviewId)).map((entry) => comment(world, entry)));
  if (rest.startsWith("/issues/") && part === "/comments") {
    return ok(pull.comments.filter((entry) => !isBeside(entry)).map((entry) => comment(world, entry)));
  }
  return missing;
}

/** Reviews that hold one comment beside code have numbers from here on. */
const AROUND = 10_000;
const isBeside = ({ path }: FakeComment) => path !== undefined;
const around = (world: World, { id, author, at }: FakeComment) => ({
  ...review(world, { id: AROUND + id, author, state: "COMMENTED", body: "", at }),
  comments_count: 1,
});

const comment = (world: World, { id, author, body, at, path, line }: FakeComment) => ({
  id,
  user: user(world, author),
  body,
  created_at: at,
  ...(path !== undefined && { path, position: line ?? 0, original_position: 0, diff_hunk: "@@ -1 +1 @@" }),
});

const STATES: Record<string, string> = {
  CHANGES_REQUESTED: "REQUEST_CHANGES",
  COMMENTED: "COMMENT",
  DISMISSED: "APPROVED",
};

const review = (world: World, { id, author, state, body, at }: FakeReview) => ({
  id,
  user: user(world, author),
  team: null,
  state: STATES[state] ?? state,
  body,
  stale: false,
  official: true,
  dismissed: state === "DISMISSED",
  comments_count: 0,
  submitted_at: at,
});

function create(world: World, { repository, body }: Found): HostReply {
  const { title, head, base, body: text } = body as Record<string, string>;
  if ([...repository.pulls.values()].some((pull) => pull.state === "open" && pull.head.ref === head)) {
    return {
      status: 409,
      body: { message: "pull request already exists for these targets [id: 4, issue_id: 4]", url: "/api/swagger" },
    };
  }
  const draft = String(title).startsWith("WIP: ");
  const given = { title: String(title).replace(/^WIP: /, ""), body: String(text), draft };
  const pull = world.host.open(repository, { branch: String(head), ...given });
  pull.base.ref = String(base);
  return { status: 201, body: whole(world, repository, pull) };
}

function whole(world: World, repository: FakeRepository, pull: FakePull) {
  const { number, title, draft, state, merged, author, head, base, updatedAt } = pull;
  return {
    id: number + 1_000,
    number,
    html_url: `${world.webUrl()}/${repository.owner}/${repository.name}/pulls/${number}`,
    state,
    title: draft ? `WIP: ${title}` : title,
    body: pull.body,
    draft,
    merged,
    created_at: "2026-11-01T08:00:00Z",
    merged_at: merged ? updatedAt : null,
    updated_at: updatedAt,
    user: user(world, author),
    head: { label: head.ref, ref: head.ref, sha: head.sha, repo: named({ owner: head.owner, name: repository.name }) },
    base: { label: base.ref, ref: base.ref, sha: base.sha, repo: named(repository) },
    additions: pull.additions,
    deletions: pull.deletions,
    changed_files: pull.changedFiles,
  };
}

const CONCLUSIONS: Record<string, string> = {
  success: "success",
  failure: "failure",
  cancelled: "error",
  skipped: "success",
};

const status = (world: World, check: FakeCheck, id: number) => ({
  id,
  context: check.name,
  status: check.status === "completed" ? (CONCLUSIONS[check.conclusion ?? ""] ?? "error") : "pending",
  description: check.summary ?? "",
  target_url: `${world.webUrl()}/checks/${check.name}`,
});
