import { ApiError } from "@/lib/contract/errors";

type ArchiveAndDelete = {
  /** @throws what the server refused with, for one a conflict while the tree works. */
  archive: () => Promise<unknown>;
  deleteWorkspace: () => Promise<unknown>;
  unarchive: () => Promise<unknown>;
};

export type ArchiveAndDeleteOutcome =
  | { kind: "done" }
  /** The deletion was refused, and the agent is back. */
  | { kind: "taken-back"; cause: unknown }
  /** Refused, and the agent did not come back. */
  | { kind: "left-archived"; cause: unknown }
  /** No answer came: the workspace may be gone or not, the agent stays archived. */
  | { kind: "unknown"; cause: unknown };

/**
 * Archives first, since that can be taken back and is refused while the tree works; deletes second. A refused deletion
 * takes the archiving back, so that a chat never loses its workspace, nor its place, by half an act.
 * @throws what archiving threw; nothing has happened then.
 */
export async function archiveAndDelete(acts: ArchiveAndDelete): Promise<ArchiveAndDeleteOutcome> {
  await acts.archive();
  try {
    await acts.deleteWorkspace();
    return { kind: "done" };
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.code === "unavailable") return { kind: "unknown", cause };
    if (cause.code === "not_found") return { kind: "done" };
    try {
      await acts.unarchive();
      return { kind: "taken-back", cause };
    } catch {
      return { kind: "left-archived", cause };
    }
  }
}
