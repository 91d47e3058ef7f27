/** GitHub and GitHub Enterprise behind the port, through octokit. Adds no meaning of its own to what the host says. */
import { Octokit } from "@octokit/rest";
import type { AdapterOptions } from "./adapter-options";
import { reviewText, type SaidComment, type SeenCheck, toFeedback } from "./feedback";
import { foldChecks, foldReviews } from "./fold";
import { orNothing } from "./git-host-error";
import {
  toAccount,
  toCheckRuns,
  toComments,
  toListedPulls,
  toMayWrite,
  toPullFacts,
  toRepository,
  toReviews,
  toStatuses,
} from "./github-answers";
import { createHostFetch } from "./host-fetch";
import { type AskHost, createHostReader, type HostReader } from "./host-reader";
import type { GitHost, HostAccess, PullRequest, PullRequestFeedback, PullRequestRef, RepositoryName } from "./port";
import { createPullReader } from "./pull-reader";

const DIFF = "application/vnd.github.diff";
/** Reviews, checks and comments beyond these pages of 100 change nothing that a person would miss. */
const MAX_PAGES = 5;
/** Open pull requests of a repository that one look covers; others are asked for one by one. */
const MAX_LIST_PAGES = 3;

export function createGithub(options: AdapterOptions): GitHost {
  const { webUrl } = options;
  const webHost = new URL(webUrl).host;
  const reader = createHostReader({ ...options, host: webHost, ask: createAsk(options) });
  const getRepository = (access: HostAccess, repository: RepositoryName) =>
    reader.read(access, { route: "GET /repos/{owner}/{repo}", params: named(repository) }, toRepository);
  return {
    type: "github",
    webUrl,
    async findPullRequest(access, { repository, branch }) {
      const head = { owner: repository.owner, branch };
      const here = await findByHead(reader, access, repository, head);
      if (here) return here;
      const { parent } = await getRepository(access, repository).catch(orNothing({ parent: null }));
      return parent ? findByHead(reader, access, parent, head) : undefined;
    },
    getPullRequests: createPullReader({
      clock: options.clock,
      listOpen: (access, repository) => listOpen(reader, access, repository),
      readPull: (access, ref) => readPull(reader, access, ref),
    }),
    getPullRequestDiff: (access, { repository, number, maxBytes }) =>
      reader.read(
        access,
        { route: PULL, params: { ...named(repository), pull_number: number }, accept: DIFF, maxBytes },
        String,
      ),
    async getBranchDiff(access, { repository, branch, maxBytes }) {
      const { defaultBranch } = await getRepository(access, repository);
      if (defaultBranch === branch) return "";
      const params = { ...named(repository), basehead: `${defaultBranch}...${branch}` };
      return reader.read(
        access,
        { route: "GET /repos/{owner}/{repo}/compare/{basehead}", params, accept: DIFF, maxBytes },
        String,
      );
    },
    getFeedback: (access, ref) => getFeedback(reader, access, ref),
    async createPullRequest(access, { repository, base, ...request }) {
      const into = base ?? (await getRepository(access, repository)).defaultBranch;
      const params = { ...named(repository), ...request, base: into };
      const { number } = await reader.write(access, { route: "POST /repos/{owner}/{repo}/pulls", params }, toPullFacts);
      return { repository, number };
    },
    getDefaultBranch: async (access, { repository }) => (await getRepository(access, repository)).defaultBranch,
    getAccount: (access) =>
      reader.read(access, { route: "GET /user" }, (data, { headers }) =>
        toAccount(data, { webHost, scopes: String(headers["x-oauth-scopes"] ?? "") }),
      ),
    parsePullRequestUrl: (url) => parsePullRequestUrl(webUrl, url),
  };
}

const PULL = "GET /repos/{owner}/{repo}/pulls/{pull_number}";
const named = ({ owner, name }: RepositoryName) => ({ owner, repo: name });

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Octokit throws for every status but success; here an answer is an answer. */
function createAsk({ apiBaseUrl, fetch, deadlineMs }: AdapterOptions): AskHost {
  const hostFetch = createHostFetch({ fetch, deadlineMs });
  return async (access, { route, params = {}, accept, maxBytes, headers }) => {
    const octokit = new Octokit({ baseUrl: apiBaseUrl, log: silent, userAgent: "slipway" });
    const bounded = (url: string, init: RequestInit) =>
      hostFetch(url, { ...init, ...(maxBytes ? { maxBytes, isCut: true } : {}) });
    const request = {
      ...params,
      ...(route.startsWith("GET ") ? { per_page: params.per_page ?? (params.page ? 100 : undefined) } : {}),
      headers: {
        ...headers,
        accept: accept ?? "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
        ...(access.token ? { authorization: `token ${access.token}` } : {}),
      },
      request: { fetch: bounded, signal: access.signal },
    };
    try {
      const { status, headers: answered, data } = await octokit.request(route, request);
      return { status, headers: answered, data };
    } catch (error) {
      return toAnswer(error, access);
    }
  };
}

/** @throws what kept the host from answering. */
function toAnswer(error: unknown, access: HostAccess) {
  access.signal.throwIfAborted();
  const { cause, response } = error as {
    cause?: unknown;
    response?: { status: number; headers: Record<string, string | number | undefined>; data: unknown };
  };
  if (response) return { status: response.status, headers: response.headers, data: response.data };
  throw cause ?? error;
}

async function findByHead(
  reader: HostReader,
  access: HostAccess,
  repository: RepositoryName,
  head: { owner: string; branch: string },
): Promise<PullRequestRef | undefined> {
  const params = {
    ...named(repository),
    state: "open",
    head: `${head.owner}:${head.branch}`,
    sort: "updated",
    direction: "desc",
    per_page: 1,
  };
  const found = await reader.read(access, { route: "GET /repos/{owner}/{repo}/pulls", params }, toListedPulls);
  // A `head` that GitHub cannot read is ignored, and the answer is any pull request.
  const own = found.find((line) => line.headRef === head.branch && isSame(line.headOwner ?? head.owner, head.owner));
  return own && { repository, number: own.number };
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

async function listOpen(reader: HostReader, access: HostAccess, repository: RepositoryName) {
  const params = { ...named(repository), state: "open", sort: "updated", direction: "desc" };
  const call = { route: "GET /repos/{owner}/{repo}/pulls", params, maxPages: MAX_LIST_PAGES };
  return reader.readPages(access, call, toListedPulls);
}

async function readPull(reader: HostReader, access: HostAccess, { repository, number }: PullRequestRef) {
  const params = { ...named(repository), pull_number: number };
  const { updatedAt, ...facts } = await reader.read(access, { route: PULL, params }, toPullFacts);
  const reviews = await reader.readPages(access, { route: `${PULL}/reviews`, params, maxPages: MAX_PAGES }, toReviews);
  const others = reviews.filter(({ reviewer }) => reviewer !== facts.authorLogin);
  const checks = facts.headSha ? await readChecks(reader, access, repository, facts.headSha) : [];
  const pull: PullRequest = {
    ...facts,
    ...foldReviews(others),
    checks: foldChecks(checks.map((check) => check.outcome)),
  };
  return { pull, updatedAt };
}

/** Some tokens may not see checks; a pull request without them is better than none. */
async function readChecks(
  reader: HostReader,
  access: HostAccess,
  repository: RepositoryName,
  ref: string,
): Promise<SeenCheck[]> {
  const params = { ...named(repository), ref };
  const commit = "GET /repos/{owner}/{repo}/commits/{ref}";
  const runs = reader
    .readPages(access, { route: `${commit}/check-runs`, params, maxPages: MAX_PAGES }, toCheckRuns)
    .catch(orNothing<SeenCheck[]>([]));
  const statuses = reader
    .read(access, { route: `${commit}/status`, params }, toStatuses)
    .catch(orNothing<SeenCheck[]>([]));
  return (await Promise.all([runs, statuses])).flat();
}

async function getFeedback(reader: HostReader, access: HostAccess, ref: PullRequestRef): Promise<PullRequestFeedback> {
  const { repository, number } = ref;
  const params = { ...named(repository), pull_number: number };
  const pages = { params, maxPages: MAX_PAGES };
  const pull = await reader.read(access, { route: PULL, params }, toPullFacts);
  const [reviews, beside, conversation, checks, baseChecks] = await Promise.all([
    reader.readPages(access, { ...pages, route: `${PULL}/reviews` }, toReviews),
    reader.readPages(access, { ...pages, route: `${PULL}/comments` }, toComments),
    reader.readPages(
      access,
      {
        route: "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
        params: { ...named(repository), issue_number: number },
        maxPages: MAX_PAGES,
      },
      toComments,
    ),
    pull.headSha ? readChecks(reader, access, repository, pull.headSha) : [],
    pull.baseBranch ? readChecks(reader, access, repository, pull.baseBranch) : [],
  ]);
  const said = [
    ...reviews.map(fromReview),
    ...[...beside, ...conversation].map((comment) => ({ ...comment, key: `comment:${comment.id}` })),
  ];
  return toFeedback({ said, checks, baseChecks, mayWrite: (author) => mayWrite(reader, access, repository, author) });
}

const fromReview = (review: ReturnType<typeof toReviews>[number]): SaidComment => ({
  key: `review:${review.id}`,
  author: review.reviewer,
  isPerson: review.isPerson,
  body: reviewText(review.verdict === "changes_requested", review.body),
  path: null,
  line: null,
  createdAt: review.submittedAt,
});

/** Who cannot be asked about may not write. */
function mayWrite(
  reader: HostReader,
  access: HostAccess,
  repository: RepositoryName,
  username: string,
): Promise<boolean> {
  const route = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
  const call = { route, params: { ...named(repository), username } };
  return reader.read(access, call, toMayWrite).catch(orNothing(false));
}

function parsePullRequestUrl(webUrl: string, address: string): PullRequestRef | undefined {
  if (!address.startsWith(`${webUrl}/`)) return undefined;
  const [, owner, name, number] =
    /^([^/]+)\/([^/]+)\/pull\/(\d{1,9})(?:[/?#].*)?$/.exec(address.slice(webUrl.length + 1)) ?? [];
  return owner && name ? { repository: { owner, name }, number: Number(number) } : undefined;
}
