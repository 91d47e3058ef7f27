import { ApiError } from "@/lib/contract/errors";
import { DEFAULT_BRANCH_PREFIX } from "@/lib/contract/push-policy";
import type { CommitAuthor, PushRules, Template, TemplateConfig, WorkspaceDriverName } from "@/lib/contract/workspaces";

/** The panel's fields as typed. */
export type TemplateFields = {
  name: string;
  description: string;
  driver: WorkspaceDriverName;
  repository: string;
  branch: string;
  setupScript: string;
  /** One a line. */
  allowedHosts: string;
  memoryMb: string;
  maxProcesses: string;
  /** Empty: any branch. */
  branchPrefix: string;
  allowDefaultBranch: boolean;
  allowTags: boolean;
  allowDeletes: boolean;
  commitAuthor: CommitAuthor;
  pullRequestFeedback: boolean;
};

/** What a sandbox gets when its template says nothing: `lib/workspaces/builds.ts`. */
export const DEFAULT_MEMORY_MB = 4096;
export const DEFAULT_MAX_PROCESSES = 1024;

/** What the fields start with. */
export function toFields(template: Template | null): TemplateFields {
  const config = template?.config ?? {};
  const push = config.push ?? {};
  return {
    name: template?.name ?? "",
    description: template?.description ?? "",
    driver: template?.driver ?? "local",
    repository: config.repository ?? "",
    branch: config.branch ?? "",
    setupScript: config.setup_script ?? "",
    allowedHosts: (config.allowed_hosts ?? []).join("\n"),
    memoryMb: config.memory_mb === undefined ? "" : String(config.memory_mb),
    maxProcesses: config.max_processes === undefined ? "" : String(config.max_processes),
    branchPrefix: push.branch_prefix ?? DEFAULT_BRANCH_PREFIX,
    allowDefaultBranch: push.allow_default_branch ?? false,
    allowTags: push.allow_tags ?? false,
    allowDeletes: push.allow_deletes ?? false,
    commitAuthor: config.commit_author ?? "owner",
    pullRequestFeedback: config.pull_request_feedback ?? false,
  };
}

/** The request's body, for a change without the driver. What is no number goes as typed, and the server says so. */
export function toBody(fields: TemplateFields, isNew: boolean): Record<string, unknown> {
  const hosts = splitHosts(fields.allowedHosts);
  const config: Record<keyof TemplateConfig, unknown> = {
    repository: fields.repository.trim() || undefined,
    branch: fields.branch.trim() || undefined,
    setup_script: fields.setupScript.trim() ? fields.setupScript : undefined,
    allowed_hosts: hosts.length > 0 ? hosts : undefined,
    memory_mb: toNumber(fields.memoryMb),
    max_processes: toNumber(fields.maxProcesses),
    push: toPushRules(fields),
    commit_author: fields.commitAuthor === "owner" ? undefined : fields.commitAuthor,
    pull_request_feedback: fields.pullRequestFeedback || undefined,
  };
  return {
    name: fields.name.trim(),
    description: fields.description.trim(),
    ...(isNew && { driver: fields.driver }),
    config,
  };
}

/** What differs from the rules without any; undefined when nothing does. */
function toPushRules({ branchPrefix, ...fields }: TemplateFields): PushRules | undefined {
  const prefix = branchPrefix.trim();
  const rules: PushRules = {
    ...(prefix !== DEFAULT_BRANCH_PREFIX && { branch_prefix: prefix }),
    ...(fields.allowDefaultBranch && { allow_default_branch: true }),
    ...(fields.allowTags && { allow_tags: true }),
    ...(fields.allowDeletes && { allow_deletes: true }),
  };
  return Object.keys(rules).length > 0 ? rules : undefined;
}

/** Hosts as typed, one a line or apart by commas and spaces; each once. */
export function splitHosts(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

/** What the server says about the list of hosts, with the host that it means; null when it says nothing. */
export function hostsError(error: unknown, hosts: readonly string[]): string | null {
  if (!(error instanceof ApiError)) return null;
  const path = "config.allowed_hosts";
  const found = error.validations.find(({ field }) => field === path || field.startsWith(`${path}.`));
  if (!found) return null;
  const host = hosts[Number(found.field.slice(path.length + 1))];
  return found.field === path || host === undefined ? found.detail : `“${host}” is not allowed here. ${found.detail}`;
}

/** Whether two versions of the fields would store the same. */
export const isSameTemplate = (a: TemplateFields, b: TemplateFields): boolean =>
  (Object.keys(a) as (keyof TemplateFields)[]).every((name) => a[name] === b[name]);

/** People group thousands: `4,096`. Empty: the server's own. */
function toNumber(text: string): number | string | undefined {
  const plain = text.replace(/[,\s_]/g, "");
  if (plain === "") return undefined;
  return /^\d+$/.test(plain) ? Number(plain) : text;
}
