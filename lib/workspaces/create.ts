/** Makes a workspace: decides template, repository and name, records it and begins its first build. */
import { randomBytes } from "node:crypto";
import { ApiError } from "@/lib/contract/errors";
import { newId } from "@/lib/ids";
import { parseRepository, type WebUrlOf } from "./repository";
import type { StoredBuild, StoredTemplate, WorkspaceStore } from "./store";

export type CreateWorkspace = {
  ownerId: string;
  templateId?: string | undefined;
  repository?: string | undefined;
  branch?: string | undefined;
  name?: string | undefined;
  /** The chat it is for. One that has a live workspace keeps it, and none is made. */
  chatId?: string | undefined;
};

/** @throws ApiError `unprocessable` when the template, the repository or the branch cannot be used. */
export async function createWorkspace(
  {
    store,
    begin,
    webUrlOf,
  }: { store: WorkspaceStore; begin: (build: StoredBuild) => void; webUrlOf?: WebUrlOf | undefined },
  request: CreateWorkspace,
): Promise<{ workspaceId: string; isNew: boolean }> {
  const template = await usableTemplate(store, request.templateId);
  const address = request.repository ?? template.config.repository ?? null;
  const branch = request.branch ?? (request.repository ? null : template.config.branch) ?? null;
  if (branch && !isBranchName(branch)) {
    throw new ApiError("unprocessable", `${JSON.stringify(branch)} is not a branch name.`);
  }
  const trusted = address === template.config.repository || (await isAdministrator(store, request.ownerId));
  const repository = address ? parseRepository(address, { trusted, ...(webUrlOf && { webUrlOf }) }) : null;
  const id = newId();
  const buildId = newId();
  const suffix = randomBytes(2).toString("hex");
  const name = request.name ?? `${repository?.name ?? "workspace"}-${suffix}`;
  const { workspaceId } = await store.insertWorkspace({
    id,
    name,
    ownerId: request.ownerId,
    templateId: template.id,
    repository: address,
    branch,
    buildId,
    chatId: request.chatId ?? null,
  });
  const isNew = workspaceId === id;
  const workspace = isNew ? await store.findWorkspace({ id }) : undefined;
  if (workspace) begin(workspace.latestBuild);
  return { workspaceId, isNew };
}

async function usableTemplate(store: WorkspaceStore, id: string | undefined): Promise<StoredTemplate> {
  const template = id ? await store.findTemplate({ id }) : await store.findDefaultTemplate();
  if (!template) {
    const missing = id ? `There is no template ${id}.` : "There is no enabled template; an administrator can add one.";
    throw new ApiError("unprocessable", missing);
  }
  if (!template.enabled) throw new ApiError("unprocessable", `The template ${template.name} is disabled.`);
  if (template.driver !== "local") {
    throw new ApiError("unprocessable", `The ${template.driver} driver is not available in this version.`);
  }
  return template;
}

async function isAdministrator(store: WorkspaceStore, userId: string): Promise<boolean> {
  return (await store.findUserRole({ userId })) === "admin";
}

/** The characters git refuses in a ref, and an option's leading hyphen. */
function isBranchName(name: string): boolean {
  const isOdd = /^[-/.]|[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|[/.]$|\.lock$/u.test(name);
  return name.length > 0 && !isOdd;
}
