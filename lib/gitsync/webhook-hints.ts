/** What a delivery of a git host's webhook speaks of. Pure; believes nothing else in it. */
import { z } from "zod";
import type { GitHostType } from "@/lib/contract/external-auth";
import { repositoryKey } from "@/lib/gitproviders/remote";

export type WebhookHint = { repositoryKeys: string[]; branches: string[]; numbers: number[] };

/** Undefined when the payload names no repository. */
export const readHint = (type: GitHostType, body: Buffer): WebhookHint | undefined =>
  type === "gitlab" ? readGitlabHint(body) : readGithubHint(body);

/** Nothing that is followed has a NUL in its name, and PostgreSQL takes none. */
const text = z
  .string()
  .max(2_000)
  .refine((given) => !given.includes("\0"))
  .optional()
  .catch(undefined);
const number = z.number().int().positive().max(2_147_483_647).optional().catch(undefined);
const lenient = <T extends z.ZodRawShape>(shape: T) => z.object(shape).nullish().catch(null);
const repository = lenient({ full_name: text });
const numbered = z.array(lenient({ number })).optional().catch(undefined);
const suite = lenient({ head_branch: text, pull_requests: numbered });

const payload = z.object({
  repository,
  number,
  ref: text,
  pull_request: lenient({ number, head: lenient({ ref: text, repo: repository }) }),
  issue: lenient({ number, pull_request: z.unknown().optional() }),
  check_suite: suite,
  check_run: lenient({ check_suite: suite, pull_requests: numbered }),
  workflow_run: suite,
  branches: z
    .array(lenient({ name: text }))
    .optional()
    .catch(undefined),
});

/** Of any event of GitHub, and of Forgejo and Gitea, which speak like it. */
function readGithubHint(body: Buffer): WebhookHint | undefined {
  const parsed = payload.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const pull = data.pull_request;
  const keys = [data.repository, pull?.head?.repo].map((repo) => keyOf(repo?.full_name));
  const suites = [data.check_suite, data.check_run?.check_suite, data.workflow_run];
  const branches = [
    pull?.head?.ref,
    branchOf(data.ref),
    ...suites.map((entry) => entry?.head_branch),
    ...(data.branches ?? []).map((entry) => entry?.name),
  ];
  const listed = [...suites, data.check_run].flatMap((entry) => entry?.pull_requests ?? []);
  const numbers = [data.number, pull?.number, data.issue?.pull_request ? data.issue.number : undefined];
  return toHint({ keys, branches, numbers: [...numbers, ...listed.map((entry) => entry?.number)] });
}

const project = lenient({ path_with_namespace: text });
const mergeRequest = lenient({ iid: number, source_branch: text, source: project });
const gitlabPayload = z.object({
  project,
  /** Job events of older versions name their project here alone. */
  repository: lenient({ homepage: text }),
  ref: text,
  /** Of a merge request event: the merge request; of a pipeline: what it runs on; of a note: the note. */
  object_attributes: lenient({ iid: number, ref: text, source_branch: text, source: project }),
  merge_request: mergeRequest,
});

/** Of any event of GitLab (docs, "Webhook events", read 2026-11). A fork's merge request names both projects. */
function readGitlabHint(body: Buffer): WebhookHint | undefined {
  const parsed = gitlabPayload.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { project, repository, ref, object_attributes: attributes, merge_request } = parsed.data;
  const requests = [attributes, merge_request];
  const refs = [ref, attributes?.ref];
  return toHint({
    keys: [
      keyOf(project?.path_with_namespace),
      ...(project ? [] : [repositoryKey(repository?.homepage ?? "")]),
      ...requests.map((request) => keyOf(request?.source?.path_with_namespace)),
    ],
    branches: [...refs.map(branchOf), ...requests.map((request) => request?.source_branch)],
    numbers: [...refs.map(mergeRequestOf), ...requests.map((request) => request?.iid)],
  });
}

const branchOf = (ref: string | undefined) => ref?.replace(/^refs\/heads\//, "");

/** A merge request's own pipeline runs on `refs/merge-requests/7/head`. */
function mergeRequestOf(ref: string | undefined): number | undefined {
  const [, iid] = /^refs\/merge-requests\/(\d{1,9})\//.exec(ref ?? "") ?? [];
  return iid === undefined ? undefined : Number(iid);
}

const keyOf = (path: string | undefined): string => repositoryKey(`https://host/${path ?? ""}`);

type Spoken = {
  keys: string[];
  branches: (string | null | undefined)[];
  numbers: (number | null | undefined)[];
};

function toHint({ keys, branches, numbers }: Spoken): WebhookHint | undefined {
  const repositoryKeys = unique(keys);
  return repositoryKeys.length > 0
    ? { repositoryKeys, branches: unique(branches), numbers: unique(numbers) }
    : undefined;
}

const unique = <T>(items: readonly (T | null | undefined)[]): T[] => [
  ...new Set(items.filter((item): item is T => item !== undefined && item !== null && item !== "")),
];

/** GitHub and Forgejo also send forms: `payload=` and the JSON, percent-encoded. */
function parseJson(body: Buffer): unknown {
  const text = body.toString("utf8");
  try {
    return JSON.parse(text.startsWith("payload=") ? (new URLSearchParams(text).get("payload") ?? "") : text);
  } catch {
    return undefined;
  }
}
