/** A chat's workspace is deleted once its work is elsewhere. Asks for force where work would be lost. */
import type { z } from "zod";
import { listSharingChats } from "@/db/queries/chat-places";
import { ApiError } from "@/lib/contract/errors";
import type { unsavedWorkSchema, WorkingTree } from "@/lib/contract/working-tree";
import { observe } from "./changes";
import { type Call, getPlace, type RepositoryParts } from "./parts";

/** @throws ApiError `not_found`; `conflict` while it works, where others use the workspace, and for work that is nowhere else. */
export async function cleanUpWorkspace(
  parts: RepositoryParts,
  { force, ...call }: Call & { force: boolean },
): Promise<{ workspaceId: string; buildId: string }> {
  const place = await getPlace(parts, call);
  const { workspace } = place;
  if (!workspace) throw new ApiError("conflict", "This agent has no workspace to clean up.");
  const isIdle = place.status === "waiting" || place.status === "completed" || place.status === "error";
  if (!isIdle) throw new ApiError("conflict", `The agent is ${place.status}. Stop it before its workspace is deleted.`);
  const sharing = await listSharingChats(parts.sql, { workspaceId: workspace.id, exceptTreeOf: call.chatId });
  if (sharing.length > 0) {
    const titles = sharing.slice(0, 5).map(({ title }) => `“${title}”`);
    throw new ApiError("conflict", `Other agents work in this workspace: ${titles.join(", ")}. Archive them first.`);
  }
  if (!force) await refuseUnsavedWork(parts, call);
  return {
    workspaceId: workspace.id,
    ...(await parts.workspaces.build({ workspaceId: workspace.id, transition: "delete" })),
  };
}

async function refuseUnsavedWork(parts: RepositoryParts, call: Call): Promise<void> {
  const { workspace, trees } = await observe(parts, call);
  if (workspace.status === "failed") return;
  if (workspace.status !== "running") {
    throw refusal({
      unsaved: [`The workspace is ${workspace.status}, so unsaved work in it is not known.`],
      message: `The workspace is ${workspace.status}, so unsaved work in it is not known. Start it to look, or delete it anyway (force).`,
    });
  }
  const unsaved = [...trees.values()].flatMap(({ tree }) => {
    const lost = unsavedWork(tree);
    return lost ? [`${tree.root} has ${lost}.`] : [];
  });
  if (unsaved.length === 0) return;
  const message = `${unsaved.join(" ")} Push it, or say that it may be lost (force).`;
  throw refusal({ unsaved, message });
}

const refusal = ({ unsaved, message }: { unsaved: string[]; message: string }): ApiError =>
  new ApiError("conflict", message, { facts: { unsaved } satisfies z.input<typeof unsavedWorkSchema> });

/** Enough to know what it is about. */
const NAMED_FILES = 5;

/** What no other place has; null when everything is pushed. Pure. */
export function unsavedWork({ file_count, files, ahead, head, is_published, error }: WorkingTree): string | null {
  if (error !== null) return `a state that git could not tell (${error})`;
  if (file_count > 0) {
    const names = files.slice(0, NAMED_FILES).map(({ path }) => path);
    const rest = file_count > names.length ? ", …" : "";
    const noun = file_count === 1 ? "file" : "files";
    return `${file_count} changed ${noun} that no commit holds: ${names.join(", ")}${rest}`;
  }
  if (head === null || is_published || ahead === 0) return null;
  if (ahead === null) return "commits on a branch that was never pushed";
  return ahead ? `${ahead} ${ahead === 1 ? "commit that was" : "commits that were"} not pushed` : null;
}
