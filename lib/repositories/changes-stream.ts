/** The changes of a chat's files as Server-Sent Events: everything first, then what changed, and what is gone. */
import { createHash } from "node:crypto";
import { listLostCredentials } from "@/db/queries/streams";
import type { Actor } from "@/lib/auth/actor";
import { isApiError } from "@/lib/contract/errors";
import { encodeSseEvent } from "@/lib/contract/sse";
import type { GitChanges, WorkingTree } from "@/lib/contract/working-tree";
import { log } from "@/lib/log";
import { createConnection } from "@/lib/streams/connection";
import { type Observed, observe, wholeChanges } from "./changes";
import { getPlace, type RepositoryParts } from "./parts";

/** What nobody tells of: a person in the terminal, a program in the background. */
const POLL_MS = 3_000;
/** After a hint: what follows at once is one look. */
const SETTLE_MS = 200;
const BEAT_MS = 15_000;

type Open = {
  request: Request;
  actor: Pick<Actor, "userId" | "credentialId">;
  chatId: string;
  lastEventId: string | null;
};

const encoder = new TextEncoder();

/** @throws ApiError `not_found`. */
export async function streamChanges(parts: RepositoryParts, options: Open): Promise<Response> {
  const { request, actor, chatId } = options;
  const place = await getPlace(parts, { chatId, ownerId: actor.userId });
  request.signal.throwIfAborted();
  const ended = new AbortController();
  let wake = new AbortController();
  const root = place.rootChatId ?? chatId;
  const unsubscribe = parts.pubsub.subscribe((hint) => {
    const isOurs = hint.type === "chat" && (hint.chatId === root || hint.rootChatId === root);
    if (isOurs || hint.type === "resync") wake.abort();
  });
  const connection = createConnection({
    request,
    onClose: () => {
      unsubscribe();
      ended.abort();
    },
  });
  const sleep = (ms: number, signal: AbortSignal) => parts.clock.sleep(ms, signal).catch(() => {});
  const follow = async () => {
    const told = createTeller(options.lastEventId);
    let beatAt = parts.clock.now() + BEAT_MS;
    while (!connection.isClosed) {
      wake = new AbortController();
      if ((await listLostCredentials(parts.sql, { credentialIds: [actor.credentialId] })).length > 0) break;
      const event = told(await look(parts, { chatId, ownerId: actor.userId, signal: ended.signal }));
      if (event) {
        const bytes = encoder.encode(event);
        while (!connection.isClosed && !connection.hasRoom(bytes)) await connection.waitForRoom();
        connection.send(bytes);
      }
      if (parts.clock.now() >= beatAt) {
        connection.beat();
        beatAt = parts.clock.now() + BEAT_MS;
      }
      await sleep(POLL_MS, AbortSignal.any([ended.signal, wake.signal]));
      if (wake.signal.aborted) await sleep(SETTLE_MS, ended.signal);
    }
    connection.close();
  };
  void follow().catch((err: unknown) => {
    // The chat is gone, or another's by now: the client asks again and hears so.
    if (!isApiError(err) && !ended.signal.aborted) log.warn("changes could not be followed", { chatId, err });
    connection.close();
  });
  return connection.response;
}

/** A workspace that does not answer is told of, not an end. */
async function look(parts: RepositoryParts, call: Parameters<typeof observe>[1]): Promise<Observed> {
  try {
    return await observe(parts, call);
  } catch (error) {
    if (!isApiError(error) || error.code === "not_found") throw error;
    return { workspace: { status: "running", message: error.message }, trees: new Map() };
  }
}

/** Events for what was not told yet; undefined when there is nothing new. */
function createTeller(lastEventId: string | null): (observed: Observed) => string | undefined {
  let told: Observed | undefined;
  return (observed) => {
    const id = idOf(observed);
    const changes = told ? difference(told, observed) : wholeChanges(observed);
    const isKnown = told ? changes === undefined : id === lastEventId;
    told = observed;
    return isKnown || !changes ? undefined : encodeSseEvent({ event: "changes", id, data: JSON.stringify(changes) });
  };
}

function idOf({ workspace, trees }: Observed): string {
  const hash = createHash("sha256").update(JSON.stringify(workspace));
  for (const [root, { fingerprint }] of trees) hash.update(`\0${root}\0${fingerprint}`);
  return hash.digest("base64url").slice(0, 22);
}

function difference(before: Observed, now: Observed): GitChanges | undefined {
  const changed = [...now.trees].filter(
    ([root, { fingerprint }]) => before.trees.get(root)?.fingerprint !== fingerprint,
  );
  const gone = [...before.trees].filter(([root]) => !now.trees.has(root));
  const isSamePlace =
    before.workspace.status === now.workspace.status && before.workspace.message === now.workspace.message;
  if (changed.length + gone.length === 0 && isSamePlace) return undefined;
  const repositories = [...changed.map(([, { tree }]) => tree), ...gone.map(([, { tree }]) => removed(tree))];
  return { type: "changes", workspace: now.workspace, repositories };
}

const removed = ({ root, remote_origin }: WorkingTree): WorkingTree => ({
  root,
  remote_origin,
  branch: null,
  head: null,
  upstream: null,
  is_published: false,
  ahead: null,
  behind: null,
  unified_diff: "",
  truncated: false,
  files: [],
  file_count: 0,
  additions: 0,
  deletions: 0,
  removed: true,
  error: null,
});
