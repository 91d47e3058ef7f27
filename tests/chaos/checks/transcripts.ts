/** I8 and I10: what a client folded is what the database holds, and nothing came twice, out of order or not at all. */
import type { ChatEventData, Evidence, MessageRow, Transcript, Violation } from "../evidence";

type View = {
  rows: Map<number, { role: string; content: unknown }>;
  last: number;
  queue: number[];
  status: string;
  version: number;
  episode: string;
  seq: number;
  parts: number;
  /** The next part may begin anywhere: nothing was known at the connection, or a reset was announced. */
  mayJump: boolean;
};

export function checkTranscripts(evidence: Evidence): Violation[] {
  return evidence.transcripts.flatMap((transcript) => {
    const { chatId } = transcript;
    const { view, broken } = fold(transcript);
    const violations = broken.map((text) => ({ invariant: "I10", chatId, text }));
    return [...violations, ...compare(view, evidence, chatId).map((text) => ({ invariant: "I8", chatId, text }))];
  });
}

const nothing = (): View => ({
  rows: new Map(),
  last: 0,
  queue: [],
  status: "",
  version: -1,
  episode: "",
  seq: 0,
  parts: 0,
  mayJump: true,
});

export function fold({ entries }: Transcript): { view: View; broken: string[] } {
  let view = nothing();
  const broken: string[] = [];
  for (const entry of entries) {
    if ("connected" in entry) {
      if (entry.connected === null) view = nothing();
      else view.mayJump = false;
      continue;
    }
    const complaint = take(view, entry.data);
    if (complaint) broken.push(complaint);
  }
  return { view, broken };
}

function take(view: View, event: ChatEventData): string | undefined {
  switch (event.type) {
    case "message":
      return takeRow(view, event.message);
    case "message_part":
      return takePart(view, event);
    case "status": {
      const went = event.version < view.version;
      if (!went) Object.assign(view, { version: event.version, status: event.status });
      return went ? `status went back from version ${view.version} to ${event.version}` : undefined;
    }
    case "queue_update":
      view.queue = event.queued_messages.map((item: { id: number }) => item.id);
      return undefined;
    case "preview_reset":
      clearParts(view);
      view.mayJump = true;
      return undefined;
    case "history_reset":
      view.rows = new Map();
      view.last = 0;
      return undefined;
    default:
      return undefined;
  }
}

function takeRow(view: View, row: MessageRow): string | undefined {
  const complaint = row.id <= view.last ? `row ${row.id} came after row ${view.last}` : undefined;
  view.rows.set(row.id, { role: row.role, content: row.content });
  view.last = Math.max(view.last, row.id);
  if (row.role === "assistant" || row.role === "tool") clearParts(view);
  return complaint;
}

function takePart(view: View, event: ChatEventData): string | undefined {
  const { episode, seq } = event;
  const isNext = episode === view.episode ? seq === view.seq + 1 : seq === 1;
  const isOnTop = episode !== view.episode && view.parts > 0;
  const allowed = !isOnTop && (isNext || view.mayJump);
  const complaint = allowed
    ? undefined
    : `part ${seq} of ${episode} came after ${view.seq} of ${view.episode || "none"}`;
  Object.assign(view, { episode, seq, parts: view.parts + 1, mayJump: false });
  return complaint;
}

const clearParts = (view: View) => Object.assign(view, { episode: "", seq: 0, parts: 0 });

function compare(view: View, { messages, chats, queue }: Evidence, chatId: string): string[] {
  const chat = chats.find(({ id }) => id === chatId);
  if (!chat) return ["the chat is gone"];
  const problems: string[] = [];
  const live = messages.filter((row) => row.chatId === chatId && !row.deleted && row.visibility !== "model");
  const wanted = live.map(({ id, role, content }) => [id, role, visible(content)]);
  const seen = [...view.rows].map(([id, { role, content }]) => [id, role, content]);
  const first = wanted.findIndex((row, index) => canonical(row) !== canonical(seen[index]));
  if (first !== -1 || seen.length !== wanted.length) {
    const at = first === -1 ? wanted.length : first;
    problems.push(
      `rows differ from the database at ${at}: saw ${canonical(seen[at])}, stored ${canonical(wanted[at])}`.slice(
        0,
        600,
      ),
    );
  }
  // A transition without anything to see, like the stop of an idle chat, raises the version alone.
  if (view.status !== chat.status || view.version > chat.snapshotVersion) {
    problems.push(`shows ${view.status} at ${view.version}, is ${chat.status} at ${chat.snapshotVersion}`);
  }
  const ids = queue.filter((row) => row.chatId === chatId).map(({ id }) => id);
  if (canonical(ids) !== canonical(view.queue)) problems.push(`queue shows ${view.queue}, is ${ids}`);
  if (view.parts > 0) problems.push(`shows ${view.parts} parts of ${view.episode} although nothing runs`);
  return problems;
}

/** What providers need back stays in the server. */
const visible = (content: unknown): unknown =>
  (content as Record<string, unknown>[]).map(({ provider_metadata: _, provider_tool_call_id: __, ...part }) => part);

/** JSON with sorted keys: jsonb has an order of its own. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner) =>
      inner && typeof inner === "object" && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? "nothing"
  );
}
