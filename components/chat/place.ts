import type { CreateChatRequest } from "@/lib/contract/chats";
import type { Workspace } from "@/lib/contract/workspaces";

/** A workspace that a new agent may work in. */
export type PlaceWorkspace = Pick<Workspace, "id" | "name" | "repository" | "branch" | "status">;

/** Where a new agent works: in a workspace that is there, or in one that is made for it. */
export type Place = {
  /** Null: a new one, of what follows. */
  workspaceId: string | null;
  /** Empty: none, or the template's. */
  repository: string;
  /** Empty: the repository's default. */
  branch: string;
  /** Undefined: the only one. */
  templateId: string | undefined;
};

type PlaceRequest = Pick<CreateChatRequest, "workspace_id" | "repository" | "branch" | "template_id">;

/** The place as a request says it. A workspace that is there has its repository and branch. */
export function toPlaceRequest({ workspaceId, repository, branch, templateId }: Place): PlaceRequest {
  if (workspaceId !== null) return { workspace_id: workspaceId };
  return {
    repository: repository || undefined,
    branch: (repository && branch) || undefined,
    template_id: templateId,
  };
}

/** An address as people write it: `owner/name` is GitHub's, `git@host:owner/name` is read over https. Else as it is. */
export function toRepositoryAddress(text: string): string {
  const typed = text.trim();
  if (/^[\w.-]+\/[\w.-]+$/.test(typed)) return `https://github.com/${typed}`;
  const [, host, path] = /^(?:ssh:\/\/)?git@([\w.-]+)[:/](.+)$/.exec(typed) ?? [];
  return host && path ? `https://${host}/${path}` : typed;
}

/** `https://git.example.com/harborline/ferry-api.git` → `harborline/ferry-api`. */
export function shortRepository(repository: string): string {
  const path = URL.canParse(repository) ? new URL(repository).pathname : repository.replace(/^[^:]*:/, "");
  const names = path
    .replace(/\.git\/?$/, "")
    .split("/")
    .filter(Boolean);
  return names.slice(-2).join("/") || repository;
}

/** Repositories to choose from: used last in this browser, then those of workspaces; each once. */
export function knownRepositories(recent: readonly string[], workspaces: readonly PlaceWorkspace[]): string[] {
  return [...new Set([...recent, ...workspaces.flatMap(({ repository }) => repository ?? [])])];
}

/** Branches of a repository that workspaces were made of. */
export function knownBranches(repository: string, workspaces: readonly PlaceWorkspace[]): string[] {
  const same = workspaces.filter((workspace) => workspace.repository === repository);
  return [...new Set(same.flatMap(({ branch }) => branch ?? []))];
}
