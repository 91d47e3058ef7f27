/**
 * What differs in a chat's workspace, looked at for whoever watches: one look at a time for a workspace, however many
 * watch, and only what changed is read again. Changes nothing in the workspace.
 */
import type { ChatPlace } from "@/db/queries/chat-places";
import type { GitChanges, WorkingTree } from "@/lib/contract/working-tree";
import type { ChangesResult } from "@/lib/contract/workspace-agent";
import type { WorkspaceService } from "@/lib/workspaces/service";
import { type Call, getPlace, operate, type RepositoryParts } from "./parts";

export type Observed = {
  workspace: GitChanges["workspace"];
  /** By root. */
  trees: Map<string, { fingerprint: string; tree: WorkingTree }>;
};

type Look = {
  trees: Observed["trees"];
  /** Settles when the look that runs is over. */
  running: Promise<void> | null;
  /** The look that begins after it. */
  next: Promise<Observed["trees"] | undefined> | null;
};

/** A look at a large repository on a busy machine. */
const LOOK_MS = 30_000;
/** Workspaces whose last look is remembered; each may hold 4 MiB. */
const MAX_REMEMBERED = 20;

/** By the process's service, since modules exist once a bundle. */
const looks = new WeakMap<WorkspaceService, Map<string, Look>>();

/** @throws ApiError `not_found`; `unavailable` when the workspace does not answer. */
export async function observe(parts: RepositoryParts, call: Call): Promise<Observed> {
  const place = await getPlace(parts, call);
  const { workspace } = place;
  if (!workspace) return nothing("none", "This agent has no workspace yet. It gets one when it first works on files.");
  if (workspace.status !== "running") return nothing(workspace.status, sayStatus(workspace));
  const trees = await lookAt(parts, { ...call, workspaceId: workspace.id });
  if (!trees) return nothing("stopped", "The workspace does not run. Start it to see its changes.");
  return { workspace: { status: "running", message: null }, trees };
}

type Workspace = NonNullable<ChatPlace["workspace"]>;

function sayStatus({ status, error }: Workspace): string {
  if (status === "failed") return `The workspace could not be started: ${error ?? "no reason was given"}`;
  if (status === "stopped") return "The workspace is stopped. Start it to see its changes.";
  return `The workspace is ${status}. Its changes are shown once it runs.`;
}

const nothing = (status: GitChanges["workspace"]["status"], message: string): Observed => ({
  workspace: { status, message },
  trees: new Map(),
});

type LookAt = Call & { workspaceId: string };

async function lookAt(parts: RepositoryParts, call: LookAt): Promise<Observed["trees"] | undefined> {
  const { workspaces } = parts;
  const known = looks.get(workspaces) ?? new Map<string, Look>();
  looks.set(workspaces, known);
  const look = known.get(call.workspaceId) ?? { trees: new Map(), running: null, next: null };
  // The latest one last, so that the first is the oldest.
  known.delete(call.workspaceId);
  known.set(call.workspaceId, look);
  for (const oldest of known.keys()) if (known.size > MAX_REMEMBERED) known.delete(oldest);
  // One that runs began before this question and may miss what it is about: the next one answers, all who wait by then.
  look.next ??= (look.running ?? Promise.resolve()).then(() => {
    look.next = null;
    const reading = readTrees(parts, call, look.trees);
    look.running = reading.then(
      (trees) => {
        look.trees = trees ?? new Map();
        look.running = null;
      },
      () => {
        look.running = null;
      },
    );
    return reading;
  });
  return look.next;
}

async function readTrees(
  parts: RepositoryParts,
  { chatId, workspaceId }: LookAt,
  last: Observed["trees"],
): Promise<Observed["trees"] | undefined> {
  const signal = AbortSignal.timeout(LOOK_MS);
  const connection = await parts.workspaces.find({ workspaceId, signal });
  if (!connection) return undefined;
  const known = Object.fromEntries([...last].map(([root, { fingerprint }]) => [root, fingerprint]));
  const { repositories } = await operate<ChangesResult>(connection, {
    chatId,
    operation: "git_changes",
    args: { known },
    signal,
  });
  return new Map(
    repositories.flatMap(({ root, fingerprint, tree }) => {
      const seen = tree ?? last.get(root)?.tree;
      return seen ? [[root, { fingerprint, tree: seen }]] : [];
    }),
  );
}

/** Whoever watches this chat's files looks again. */
export function pokeViewers({ pubsub }: Pick<RepositoryParts, "pubsub">, place: ChatPlace): void {
  const { chatId, ownerId, rootChatId } = place;
  pubsub.publish({ type: "chat", chatId, ownerId, rootChatId, version: 0, status: null, watch: [], runnable: false });
}

/** All of it, as a first event says it. */
export const wholeChanges = ({ workspace, trees }: Observed): GitChanges => ({
  type: "changes",
  workspace,
  repositories: [...trees.values()].map(({ tree }) => tree),
});
