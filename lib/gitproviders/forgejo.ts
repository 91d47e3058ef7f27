/** Forgejo behind the port, and Gitea, which speaks the same interface. */
import type { AdapterOptions } from "./adapter-options";
import { reviewText, type SaidComment, type SeenCheck, toFeedback } from "./feedback";
import { foldChecks, foldReviews } from "./fold";
import {
  type ForgejoReview,
  toAccount,
  toComments,
  toComparison,
  toListedPulls,
  toLogins,
  toMayWrite,
  toPullFacts,
  toRepository,
  toReviews,
  toStatuses,
} from "./forgejo-answers";
import { orNothing } from "./git-host-error";
import { createHostReader, type HostReader } from "./host-reader";
import type { GitHost, HostAccess, PullRequest, PullRequestFeedback, PullRequestRef, RepositoryName } from "./port";
import { createPullReader } from "./pull-reader";
import { createRestAsk } from "./rest-ask";

/** The host gives no more unless it is told to (`MAX_RESPONSE_ITEMS`). */
const PAGE_SIZE = 50;
/** Reviews and comments beyond these pages change nothing that a person would miss. */
const MAX_PAGES = 5;
/** Open pull requests that one look covers, those that changed last first. */
const MAX_LIST_PAGES = 4;
/** Commits whose diffs make up a branch's, one request each. */
const MAX_COMMITS = 30;

const REPOSITORY = "GET /repos/{owner}/{repo}";
const PULLS = `${REPOSITORY}/pulls`;
const PULL = `${PULLS}/{index}`;

export function createForgejo(options: AdapterOptions): GitHost {
  const { webUrl } = options;
  const webHost = new URL(webUrl).host;
  const ask = createRestAsk({ ...options, authorize: (token) => `token ${token}`, pageSize: { limit: PAGE_SIZE } });
  const reader = createHostReader({ ...options, host: webHost, ask });
  const getRepository = (access: HostAccess, repository: RepositoryName) =>
    reader.read(access, { route: REPOSITORY, params: named(repository) }, toRepository);
  return {
    type: "forgejo",
    webUrl,
    async findPullRequest(access, { repository, branch }) {
      const head = { repository, branch };
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
        { route: `${PULL}.diff`, params: { ...named(repository), index: number }, accept: "text/plain", maxBytes },
        String,
      ),
    async getBranchDiff(access, { repository, branch, maxBytes }) {
      const { defaultBranch } = await getRepository(access, repository);
      if (defaultBranch === branch) return "";
      return readBranchDiff(reader, access, { repository, basehead: `${defaultBranch}...${branch}`, maxBytes });
    },
    getFeedback: (access, ref) => getFeedback(reader, access, ref),
    async createPullRequest(access, { repository, base, title, body, head, draft }) {
      const into = base ?? (await getRepository(access, repository)).defaultBranch;
      const params = { ...named(repository), head, base: into, body, title: draft ? `WIP: ${title}` : title };
      const { number } = await reader.write(access, { route: "POST /repos/{owner}/{repo}/pulls", params }, toPullFacts);
      return { repository, number };
    },
    getDefaultBranch: async (access, { repository }) => (await getRepository(access, repository)).defaultBranch,
    getAccount: (access) => reader.read(access, { route: "GET /user" }, (data) => toAccount(data, { webHost })),
    parsePullRequestUrl: (url) => parsePullRequestUrl(webUrl, url),
  };
}

const named = ({ owner, name }: RepositoryName) => ({ owner, repo: name });

/** The list has no filter for a branch, so the pull requests that changed last are looked through. */
async function findByHead(
  reader: HostReader,
  access: HostAccess,
  repository: RepositoryName,
  head: { repository: RepositoryName; branch: string },
): Promise<PullRequestRef | undefined> {
  const from = `${head.repository.owner}/${head.repository.name}`.toLowerCase();
  const open = await listOpen(reader, access, repository);
  const own = open.find((pull) => pull.branch === head.branch && (pull.from ?? from) === from);
  return own && { repository, number: own.number };
}

function listOpen(reader: HostReader, access: HostAccess, repository: RepositoryName) {
  const params = { ...named(repository), state: "open", sort: "recentupdate" };
  return reader.readPages(access, { route: PULLS, params, maxPages: MAX_LIST_PAGES }, toListedPulls);
}

async function readPull(reader: HostReader, access: HostAccess, { repository, number }: PullRequestRef) {
  const params = { ...named(repository), index: number };
  const { updatedAt, baseSha: _base, ...facts } = await reader.read(access, { route: PULL, params }, toPullFacts);
  const [reviews, commits, checks] = await Promise.all([
    reader.readPages(access, { route: `${PULL}/reviews`, params, maxPages: MAX_PAGES }, toReviews),
    readCommitCount(reader, access, params),
    readChecks(reader, access, repository, facts.headSha),
  ]);
  const others = reviews.filter(({ reviewer }) => reviewer !== facts.authorLogin);
  const pull: PullRequest = {
    ...facts,
    commits,
    ...foldReviews(others),
    checks: foldChecks(checks.map(({ outcome }) => outcome)),
  };
  return { pull, updatedAt };
}

/** The host counts them in a header. */
function readCommitCount(
  reader: HostReader,
  access: HostAccess,
  params: { owner: string; repo: string; index: number },
) {
  const call = { route: `${PULL}/commits`, params: { ...params, limit: 1, files: false, verification: false } };
  return reader
    .read(access, call, (_commits, { headers }) => Number(headers["x-total-count"] ?? Number.NaN) || null)
    .catch(orNothing(null));
}

async function readChecks(
  reader: HostReader,
  access: HostAccess,
  repository: RepositoryName,
  sha: string | null,
): Promise<SeenCheck[]> {
  if (sha === null) return [];
  const call = { route: `${REPOSITORY}/commits/{sha}/status`, params: { ...named(repository), sha, limit: PAGE_SIZE } };
  return reader.read(access, call, toStatuses).catch(orNothing<SeenCheck[]>([]));
}

/**
 * Newer Gitea gives a comparison as a diff. Forgejo (as of 2026-11) names its commits only; their diffs one after the
 * other say the same, with a file once for each commit that changed it.
 */
async function readBranchDiff(
  reader: HostReader,
  access: HostAccess,
  { repository, basehead, maxBytes }: { repository: RepositoryName; basehead: string; maxBytes: number },
): Promise<string> {
  const params = { ...named(repository), basehead, output: "diff" };
  const compared = await reader.read(access, { route: `${REPOSITORY}/compare/{basehead}`, params }, toComparison);
  if ("diff" in compared) return cut(compared.diff, maxBytes);
  let diff = "";
  for (const sha of compared.shas.slice(0, MAX_COMMITS)) {
    const left = maxBytes - Buffer.byteLength(diff);
    if (left <= 0) break;
    const route = `${REPOSITORY}/git/commits/{sha}.diff`;
    const call = { route, params: { ...named(repository), sha }, accept: "text/plain", maxBytes: left };
    diff += await reader.read(access, call, String);
  }
  return diff;
}

const cut = (text: string, maxBytes: number): string => Buffer.from(text).subarray(0, maxBytes).toString();

async function getFeedback(reader: HostReader, access: HostAccess, ref: PullRequestRef): Promise<PullRequestFeedback> {
  const { repository, number } = ref;
  const params = { ...named(repository), index: number };
  const pull = await reader.read(access, { route: PULL, params }, toPullFacts);
  const [reviews, conversation, checks, baseChecks] = await Promise.all([
    reader.readPages(access, { route: `${PULL}/reviews`, params, maxPages: MAX_PAGES }, toReviews),
    reader.readPages(
      access,
      { route: `${REPOSITORY}/issues/{index}/comments`, params, maxPages: MAX_PAGES },
      toComments,
    ),
    readChecks(reader, access, repository, pull.headSha),
    readChecks(reader, access, repository, pull.baseSha),
  ]);
  const beside = await Promise.all(
    reviews
      .filter(({ hasComments }) => hasComments)
      .map(({ id }) =>
        reader.read(access, { route: `${PULL}/reviews/{id}/comments`, params: { ...params, id } }, toComments),
      ),
  );
  const said = [...reviews.map(fromReview), ...beside.flat(), ...conversation];
  return toFeedback({ said, checks, baseChecks, mayWrite: askWriters(reader, access, repository) });
}

const fromReview = (review: ForgejoReview): SaidComment => ({
  key: `review:${review.id}`,
  author: review.reviewer,
  isPerson: review.isPerson,
  body: reviewText(review.verdict === "changes_requested", review.body),
  path: null,
  line: null,
  createdAt: review.submittedAt,
});

/** Administrators of a repository may ask about anybody; others see whom work can be assigned to: those who may write. */
function askWriters(reader: HostReader, access: HostAccess, repository: RepositoryName) {
  let assignees: Promise<string[]> | undefined;
  return async (username: string): Promise<boolean> => {
    const route = `${REPOSITORY}/collaborators/{username}/permission`;
    const call = { route, params: { ...named(repository), username } };
    const answer = await reader.read(access, call, toMayWrite).catch(orNothing(null));
    if (answer !== null) return answer;
    const all = { route: `${REPOSITORY}/assignees`, params: named(repository) };
    assignees ??= reader.read(access, all, toLogins).catch(orNothing<string[]>([]));
    return (await assignees).includes(username);
  };
}

function parsePullRequestUrl(webUrl: string, address: string): PullRequestRef | undefined {
  if (!address.startsWith(`${webUrl}/`)) return undefined;
  const [, owner, name, number] =
    /^([^/]+)\/([^/]+)\/pulls\/(\d{1,9})(?:[/?#].*)?$/.exec(address.slice(webUrl.length + 1)) ?? [];
  return owner && name ? { repository: { owner, name }, number: Number(number) } : undefined;
}
