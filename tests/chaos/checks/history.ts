/** I1, I3, I4, I5, I7, I14, I16: what people said, what was answered, by whom, and that it came to an end. */
import { type Act, type ContentPart, type Evidence, MARKER, type MessageRow, REPLY, type Violation } from "../evidence";

/** Statuses in which nothing is under way. */
const AT_REST = ["waiting", "completed", "error"];
/** The provider's failures that we play are all of the kind that is tried again this often. */
const MAX_ATTEMPTS = 25;

type Check = (evidence: Evidence) => Violation[];

export const textOf = (content: ContentPart[]): string => content.map((part) => part.text ?? "").join("\n");
const markersOf = (content: ContentPart[]): string[] => textOf(content).match(MARKER) ?? [];
const repliesOf = (content: ContentPart[]): string[] => textOf(content).match(REPLY) ?? [];
const ofChat = (evidence: Evidence, chatId: string) => evidence.messages.filter((row) => row.chatId === chatId);
const count = (list: readonly string[], one: string) => list.filter((other) => other === one).length;

/** Each acknowledged message once: as a row (which an edit may have removed) or in the queue; none that was refused. */
export const checkMessages: Check = (evidence) =>
  evidence.acts.flatMap((act): Violation[] => {
    if (act.kind !== "send" && act.kind !== "edit") return [];
    const { chatId, marker } = act;
    const rows = ofChat(evidence, chatId).filter(({ role }) => role === "user");
    const stored = count(
      [...rows, ...evidence.queue.filter((row) => row.chatId === chatId)].flatMap(({ content }) => markersOf(content)),
      marker,
    );
    const mayBeGone = isTakenBack(evidence, act);
    const most = act.outcome === "refused" ? 0 : 1;
    const least = act.outcome === "done" && !mayBeGone ? 1 : 0;
    if (stored >= least && stored <= most) return [];
    return [{ invariant: "I1", chatId, text: `message ${marker} (${act.outcome}) is stored ${stored} times` }];
  });

/** A person removed it from the queue, or an edit cleared the queue it waited in. */
const isTakenBack = ({ acts }: Evidence, { chatId, marker, order, queued }: Act): boolean =>
  acts.some(
    (other) =>
      other.chatId === chatId &&
      other.outcome !== "refused" &&
      ((other.kind === "remove" && other.marker === marker) ||
        (other.kind === "edit" && queued === true && other.order > order)),
  );

/** Messages that waited in line come in the order in which they were accepted; only what was promoted overtakes. */
export const checkOrder: Check = (evidence) =>
  byChat(evidence).flatMap(({ chatId, rows, acts }) => {
    const promoted = acts.filter(({ kind }) => kind === "promote").map(({ marker }) => marker);
    const inLine = acts
      .filter(({ marker }) => !promoted.includes(marker))
      .filter((act) => act.kind === "send" && act.outcome === "done" && act.delivery === "queue")
      .sort((a, b) => a.order - b.order)
      .map(({ marker }) => ({ marker, row: rows.find(({ content }) => markersOf(content).includes(marker)) }))
      .filter(({ row }) => row !== undefined);
    return inLine.flatMap(({ marker, row }, index): Violation[] => {
      const before = inLine[index - 1];
      if (!before || (before.row as MessageRow).id < (row as MessageRow).id) return [];
      return [{ invariant: "I14", chatId, text: `${marker} overtook ${before.marker}` }];
    });
  });

/** One answer for each state of the history, and it answers exactly what stands before it. */
export const checkAnswers: Check = (evidence) =>
  byChat(evidence).flatMap(({ chatId, rows, acts }) => {
    const violations: Violation[] = [];
    const answers = rows.filter(({ role }) => role === "assistant");
    const versions = answers.map(({ historyVersion }) => String(historyVersion));
    for (const version of new Set(versions)) {
      const times = count(versions, version);
      if (times > 1) violations.push({ invariant: "I3", chatId, text: `${times} answers at version ${version}` });
    }
    for (const row of answers) {
      const id = repliesOf(row.content)[0];
      const request = evidence.requests.find((entry) => entry.id === id);
      if (!request) continue;
      const before = tokensBefore(row, rows, acts);
      if (before.join() !== request.tokens.join()) {
        violations.push({
          invariant: "I4",
          chatId,
          text: `${id} answered [${request.tokens}], but [${before}] stands before it`,
        });
      }
    }
    return violations;
  });

/** What a prompt held that ends before this row: without what an edit had removed by then. */
function tokensBefore(row: MessageRow, rows: MessageRow[], acts: Act[]): string[] {
  const edits = acts.flatMap(({ kind, marker, editedId = 0, messageId }) => {
    if (kind !== "edit") return [];
    // Of one whose answer was lost, its row tells that it took place.
    const newId = messageId ?? rows.find(({ content }) => markersOf(content).includes(marker))?.id;
    return newId === undefined ? [] : [{ editedId, newId }];
  });
  const isRemoved = (id: number) =>
    edits.some(({ editedId, newId }) => editedId <= id && id < newId && newId <= row.id);
  return rows
    .filter(({ id, visibility }) => id < row.id && !isRemoved(id) && visibility !== "user")
    .flatMap(({ role, content }) => (role === "user" ? markersOf(content) : repliesOf(content)));
}

/**
 * Nothing that was answered durably is asked again, and attempts have an end. What a stop kept of an attempt that failed,
 * or whose worker ended, may have been asked for again before the stop, which made it durable.
 */
export const checkRequests: Check = (evidence) =>
  byChat(evidence).flatMap(({ chatId, rows }) => {
    const requests = evidence.requests.filter((entry) => entry.chatId === chatId);
    return requests.flatMap((request, index): Violation[] => {
      const same = requests.slice(0, index).filter(({ tokens }) => tokens.join() === request.tokens.join());
      const paid = same.find(({ id }) => rows.some((row) => isAnswerBefore(row, id, request.askedAt)));
      if (paid) {
        return [{ invariant: "I3", chatId, text: `${request.id} asked again what ${paid.id} had answered` }];
      }
      if (same.length + 1 <= MAX_ATTEMPTS + evidence.kills) return [];
      return [{ invariant: "I16", chatId, text: `${same.length + 1} attempts at one step` }];
    });
  });

const isAnswerBefore = ({ role, content, createdAt }: MessageRow, id: string, at: number): boolean =>
  role === "assistant" && createdAt < at && repliesOf(content).includes(id);

/** Each call has one result, after its answer and before the next. */
export const checkResults: Check = (evidence) =>
  byChat(evidence).flatMap(({ chatId, rows }) => {
    const violations: Violation[] = [];
    let open: string[] = [];
    const complain = (text: string) => violations.push({ invariant: "I5", chatId, text });
    for (const { id, role, content } of rows.filter(({ deleted }) => !deleted)) {
      if (role === "tool") {
        for (const { tool_call_id: callId = "" } of content.filter(({ type }) => type === "tool-result")) {
          if (!open.includes(callId)) complain(`row ${id} has a result for ${callId}, which is not open`);
          open = open.filter((other) => other !== callId);
        }
        continue;
      }
      if (open.length > 0) complain(`row ${id} (${role}) comes before the results of ${open}`);
      open = content.filter(({ type }) => type === "tool-call").map(({ tool_call_id: callId = "" }) => callId);
    }
    if (open.length > 0) complain(`${open} never got a result`);
    return violations;
  });

/** Everything came to rest, and only what was meant to fail failed. */
export const checkRest: Check = (evidence) => [
  ...evidence.unwell.map((text): Violation => ({ invariant: "I17", text })),
  ...evidence.chats.flatMap(({ id, status, runnerId, lastError }): Violation[] => {
    const chatId = id;
    if (!AT_REST.includes(status)) return [{ invariant: "I7", chatId, text: `is still ${status}` }];
    if (runnerId !== null) return [{ invariant: "I7", chatId, text: `is ${status} and has runner ${runnerId}` }];
    const isQuarantine = lastError?.kind === "quarantined" && evidence.kills >= 3;
    if (status !== "error" || isQuarantine) return [];
    return [{ invariant: "I17", chatId, text: `ended in ${lastError?.kind}: ${lastError?.message}` }];
  }),
];

function byChat(evidence: Evidence) {
  return evidence.chats.map(({ id }) => ({
    chatId: id,
    rows: ofChat(evidence, id),
    acts: evidence.acts.filter(({ chatId }) => chatId === id),
  }));
}
