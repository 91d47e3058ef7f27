/** GitLab behind the port: merge requests of gitlab.com or an installation of one's own, from 15.7 on. */
import type { AdapterOptions } from "./adapter-options";
import { reviewText, type SaidComment, type SeenCheck, toFeedback } from "./feedback";
import { foldChecks, foldReviews } from "./fold";
import { isGitHostError, orNothing } from "./git-host-error";
import {
  type ListedMerge,
  type MergeFacts,
  type MergeReviewer,
  toAccount,
  toApprovals,
  toBranchTip,
  toListedMerges,
  toMayWrite,
  toMergeFacts,
  toNotes,
  toProject,
  toReviewers,
  toScopes,
  toStatuses,
} from "./gitlab-answers";
import { countLines, toComparedFiles, toFileDiffs, toUnifiedDiff } from "./gitlab-diff";
import { createHostReader, type HostReader } from "./host-reader";
import type { GitHost, HostAccess, PullRequest, PullRequestFeedback, PullRequestRef, RepositoryName } from "./port";
import { createPullReader } from "./pull-reader";
import { createRestAsk } from "./rest-ask";

/** Comments, checks and files beyond these pages of 100 change nothing that a person would miss. */
const MAX_PAGES = 5;
/** Open merge requests of a project that one look covers; others are asked for one by one. */
const MAX_LIST_PAGES = 3;

const PROJECT = "GET /projects/{id}";
const MERGES = `${PROJECT}/merge_requests`;
const MERGE = `${MERGES}/{iid}`;

export function createGitlab(options: AdapterOptions): GitHost {
  const { webUrl } = options;
  const webHost = new URL(webUrl).host;
  const ask = createRestAsk({ ...options, authorize: (token) => `Bearer ${token}`, pageSize: { per_page: 100 } });
  const reader = createHostReader({ ...options, host: webHost, ask });
  const getProject = (access: HostAccess, repository: RepositoryName) =>
    reader.read(access, { route: PROJECT, params: named(repository) }, toProject);
  return {
    type: "gitlab",
    webUrl,
    async findPullRequest(access, { repository, branch }) {
      const here = await findByBranch(reader, access, { repository, branch, isFrom: ({ isOwn }) => isOwn });
      if (here) return here;
      const { id, parent } = await getProject(access, repository).catch(orNothing({ id: 0, parent: null }));
      const isFrom = ({ project }: ListedMerge) => project === id;
      return parent ? findByBranch(reader, access, { repository: parent, branch, isFrom }) : undefined;
    },
    getPullRequests: createPullReader({
      clock: options.clock,
      listOpen: (access, repository) => listOpen(reader, access, repository),
      readPull: (access, ref) => readMerge(reader, access, ref),
    }),
    getPullRequestDiff: (access, { maxBytes, ...ref }) => readDiff(reader, access, ref, maxBytes),
    async getBranchDiff(access, { repository, branch, maxBytes }) {
      const { defaultBranch } = await getProject(access, repository);
      if (defaultBranch === branch) return "";
      const params = { ...named(repository), from: defaultBranch, to: branch };
      const files = await reader.read(access, { route: `${PROJECT}/repository/compare`, params }, toComparedFiles);
      return cut(toUnifiedDiff(files), maxBytes);
    },
    getFeedback: (access, ref) => getFeedback(reader, access, ref),
    async createPullRequest(access, { repository, base, title, body, head, draft }) {
      const params = {
        ...named(repository),
        source_branch: head,
        target_branch: base ?? (await getProject(access, repository)).defaultBranch,
        title: draft ? `Draft: ${title}` : title,
        description: body,
      };
      const route = "POST /projects/{id}/merge_requests";
      const { number } = await reader.write(access, { route, params }, toMergeFacts);
      return { repository, number };
    },
    getDefaultBranch: async (access, { repository }) => (await getProject(access, repository)).defaultBranch,
    async getAccount(access) {
      const toOwnAccount = (data: unknown) => toAccount(data, { webHost, scopes: [] });
      const account = await reader.read(access, { route: "GET /user" }, toOwnAccount);
      return { ...account, scopes: await readScopes(reader, access, webUrl) };
    },
    parsePullRequestUrl: (url) => parseMergeRequestUrl(webUrl, url),
  };
}

/** A project is named by its path, slashes and all. */
const named = ({ owner, name }: RepositoryName) => ({ id: `${owner}/${name}` });
const cut = (text: string, maxBytes: number): string =>
  Buffer.byteLength(text) <= maxBytes ? text : Buffer.from(text).subarray(0, maxBytes).toString();

type Search = { repository: RepositoryName; branch: string; isFrom: (merge: ListedMerge) => boolean };

/** Forks may have a branch of the same name. */
async function findByBranch(
  reader: HostReader,
  access: HostAccess,
  { repository, branch, isFrom }: Search,
): Promise<PullRequestRef | undefined> {
  const order = { order_by: "updated_at", sort: "desc", per_page: 20 };
  const params = { ...named(repository), source_branch: branch, state: "opened", ...order };
  const found = await reader.read(access, { route: MERGES, params }, toListedMerges);
  const own = found.find((merge) => merge.branch === branch && isFrom(merge));
  return own && { repository, number: own.number };
}

function listOpen(reader: HostReader, access: HostAccess, repository: RepositoryName) {
  const params = { ...named(repository), state: "opened", order_by: "updated_at", sort: "desc" };
  return reader.readPages(access, { route: MERGES, params, maxPages: MAX_LIST_PAGES }, toListedMerges);
}

async function readMerge(reader: HostReader, access: HostAccess, ref: PullRequestRef) {
  const params = { ...named(ref.repository), iid: ref.number };
  const { updatedAt, checkedAt, ...facts } = await reader.read(access, { route: MERGE, params }, toMergeFacts);
  const [files, commits, approvals, reviewers, checks] = await Promise.all([
    readFiles(reader, access, ref),
    readCommitCount(reader, access, ref),
    reader
      .read(access, { route: `${MERGE}/approvals`, params }, toApprovals)
      .catch(orNothing<ReturnType<typeof toApprovals>>({ reviews: [], isEnough: false })),
    readReviewers(reader, access, ref),
    readChecks(reader, access, ref.repository, checkedAt),
  ]);
  // Asking for changes takes an approval back, so what the reviewer's own state says comes last.
  const said = [...approvals.reviews, ...reviewers].filter(({ reviewer }) => reviewer !== facts.authorLogin);
  const folded = foldReviews(said);
  const pull: PullRequest = {
    ...facts,
    ...countLines(files),
    changedFiles: facts.changedFiles || files.length,
    commits,
    ...folded,
    approved: folded.approved && approvals.isEnough,
    checks: foldChecks(checks.map(({ outcome }) => outcome)),
  };
  return { pull, updatedAt };
}

const readFiles = (reader: HostReader, access: HostAccess, { repository, number }: PullRequestRef) =>
  reader.readPages(
    access,
    { route: `${MERGE}/diffs`, params: { ...named(repository), iid: number }, maxPages: MAX_PAGES },
    toFileDiffs,
  );

/** GitLab counts the commits in a header. */
function readCommitCount(reader: HostReader, access: HostAccess, { repository, number }: PullRequestRef) {
  const params = { ...named(repository), iid: number, per_page: 1 };
  return reader
    .read(access, { route: `${MERGE}/commits`, params }, (_commits, { headers }) => toCount(headers["x-total"]))
    .catch(orNothing(null));
}

const toCount = (value: string | number | undefined): number | null =>
  value === undefined || value === "" ? null : Number(value);

/** Editions and versions without reviewers answer 404. */
const readReviewers = (reader: HostReader, access: HostAccess, { repository, number }: PullRequestRef) =>
  reader
    .read(access, { route: `${MERGE}/reviewers`, params: { ...named(repository), iid: number } }, toReviewers)
    .catch(orNothing<MergeReviewer[]>([]));

/** A project without pipelines, or with hidden ones, is one without checks. */
async function readChecks(
  reader: HostReader,
  access: HostAccess,
  repository: RepositoryName,
  at: MergeFacts["checkedAt"],
): Promise<SeenCheck[]> {
  if (!at) return [];
  const params = { id: at.project ?? named(repository).id, sha: at.sha };
  const route = `${PROJECT}/repository/commits/{sha}/statuses`;
  return reader.readPages(access, { route, params, maxPages: MAX_PAGES }, toStatuses).catch(orNothing<SeenCheck[]>([]));
}

/** Whole since 17.9; before, without the files that are too large to be shown. */
async function readDiff(reader: HostReader, access: HostAccess, ref: PullRequestRef, maxBytes: number) {
  const params = { ...named(ref.repository), iid: ref.number };
  const call = { route: `${MERGE}/raw_diffs`, params, accept: "text/plain", maxBytes };
  try {
    return await reader.read(access, call, String);
  } catch (error) {
    if (!isGitHostError(error) || error.kind !== "not_found") throw error;
    return cut(toUnifiedDiff(await readFiles(reader, access, ref)), maxBytes);
  }
}

async function getFeedback(reader: HostReader, access: HostAccess, ref: PullRequestRef): Promise<PullRequestFeedback> {
  const { repository, number } = ref;
  const params = { ...named(repository), iid: number };
  const merge = await reader.read(access, { route: MERGE, params }, toMergeFacts);
  const oldestFirst = { ...params, order_by: "created_at", sort: "asc" };
  const [notes, reviewers, checks, baseChecks] = await Promise.all([
    reader.readPages(access, { route: `${MERGE}/notes`, params: oldestFirst, maxPages: MAX_PAGES }, toNotes),
    readReviewers(reader, access, ref),
    readChecks(reader, access, repository, merge.checkedAt),
    readBranchChecks(reader, access, repository, merge.baseBranch),
  ]);
  const ids = new Map([
    ...notes.map(({ author, userId }) => [author, userId] as const),
    ...reviewers.map(({ reviewer, userId }) => [reviewer, userId] as const),
  ]);
  const said = [...notes, ...reviewers.flatMap((reviewer) => fromReviewer(reviewer) ?? [])];
  const mayWrite = (author: string) => {
    const call = {
      route: `${PROJECT}/members/all/{user_id}`,
      params: { ...named(repository), user_id: ids.get(author) },
    };
    return reader.read(access, call, toMayWrite).catch(orNothing(false));
  };
  return toFeedback({ said, checks, baseChecks, mayWrite });
}

/** GitLab has the verdict as a state of the reviewer; the words are notes of their own. */
function fromReviewer({ reviewer, verdict, userId, createdAt }: MergeReviewer): SaidComment | null {
  if (verdict !== "changes_requested") return null;
  const body = reviewText(true, "");
  return { key: `review:${userId}`, author: reviewer, isPerson: true, body, path: null, line: null, createdAt };
}

/** Checks are found by the whole hash of a commit only. */
async function readBranchChecks(
  reader: HostReader,
  access: HostAccess,
  repository: RepositoryName,
  branch: string | null,
): Promise<SeenCheck[]> {
  if (branch === null) return [];
  const call = { route: `${PROJECT}/repository/branches/{branch}`, params: { ...named(repository), branch } };
  const sha = await reader.read(access, call, toBranchTip).catch(orNothing(null));
  return readChecks(reader, access, repository, sha === null ? null : { project: null, sha });
}

/** Personal tokens and those of OAuth are told about at different addresses; the other kind is refused there. */
async function readScopes(reader: HostReader, access: HostAccess, webUrl: string): Promise<string[]> {
  const orNone = (error: unknown): string[] => {
    if (!isGitHostError(error) || error.kind === "rate_limited") throw error;
    return [];
  };
  const own = await reader.read(access, { route: "GET /personal_access_tokens/self" }, toScopes).catch(orNone);
  if (own.length > 0) return own;
  return reader.read(access, { route: `GET ${webUrl}/oauth/token/info` }, toScopes).catch(orNone);
}

function parseMergeRequestUrl(webUrl: string, address: string): PullRequestRef | undefined {
  if (!address.startsWith(`${webUrl}/`)) return undefined;
  const [, owner, name, number] =
    /^([^?#]+?)\/(?!-\/)([^/?#]+)\/(?:-\/)?merge_requests\/(\d{1,9})(?:[/?#].*)?$/.exec(
      address.slice(webUrl.length + 1),
    ) ?? [];
  return owner && name ? { repository: { owner, name }, number: Number(number) } : undefined;
}
