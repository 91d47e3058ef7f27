/** The checker finds what is planted: one lie each in the evidence of a small, sound round. */
import { expect, test } from "vitest";
import { check } from "../../chaos/checks/check";
import type { Evidence, ModelRequestEntry } from "../../chaos/evidence";

const CHAT = "chat";
const row = (id: number, historyVersion: number, role: string, content: unknown[], rest = {}) => ({
  id,
  chatId: CHAT,
  historyVersion,
  role,
  content,
  deleted: false,
  visibility: "both",
  compressed: false,
  createdBy: role === "user" ? "ada" : null,
  totalCostMicros: role === "assistant" ? 7 : null,
  createdAt: 10 * id,
  ...rest,
});
const request = (id: string, askedAt: number, tokens: string[], rest: Partial<ModelRequestEntry> = {}) => ({
  id,
  chatId: CHAT,
  tokens,
  askedAt,
  commands: [],
  fault: null,
  ...rest,
});
const text = (words: string) => ({ type: "text", text: words });
const call = { type: "tool-call", tool_call_id: "t1", tool_name: "execute", args: { command: "echo T0 >> effects" } };
const result = { type: "tool-result", tool_call_id: "t1", tool_name: "execute", result: { exit_code: 0 } };

/** Two messages, the second from the queue; three answers, one with a command. */
function sound(): Evidence {
  const messages = [
    row(1, 1, "user", [text("[c1.m0] tool,text 5")]),
    row(2, 3, "assistant", [text("R0 calls"), call]),
    row(3, 4, "tool", [result]),
    row(4, 5, "assistant", [text("R1 done")]),
    row(5, 6, "user", [text("[c1.m1] text 5")]),
    row(6, 8, "assistant", [text("R3 done")]),
  ] as Evidence["messages"];
  const event = (id: string, data: Record<string, unknown> & { type: string }) => ({ id, data });
  const part = (episode: string, seq: number) =>
    event("x", { type: "message_part", role: "assistant", part: { type: "text", delta: "R" }, episode, seq });
  return {
    acts: [
      { chatId: CHAT, kind: "send", marker: "[c1.m0]", delivery: "queue", outcome: "done", order: 0 },
      { chatId: CHAT, kind: "send", marker: "[c1.m1]", delivery: "queue", outcome: "done", order: 1, queued: true },
    ],
    chats: [
      {
        id: CHAT,
        status: "waiting",
        archived: false,
        rootChatId: null,
        lastError: null,
        snapshotVersion: 9,
        historyVersion: 8,
        runnerId: null,
        workspaceId: "w",
      },
    ],
    messages,
    queue: [],
    calls: messages
      .filter(({ role }) => role === "assistant")
      .map(({ id }) => ({ chatId: CHAT, messageId: id, kind: "step", costMicros: 7 })),
    rollup: { costMicros: 21, mismatches: [] },
    requests: [
      request("R0", 11, ["[c1.m0]"], { commands: ["T0"] }),
      request("R1", 31, ["[c1.m0]", "R0"]),
      request("R2", 51, ["[c1.m0]", "R0", "R1", "[c1.m1]"], { fault: "cut" }),
      request("R3", 55, ["[c1.m0]", "R0", "R1", "[c1.m1]"]),
    ],
    transcripts: [
      {
        chatId: CHAT,
        entries: [
          { connected: null },
          ...messages.slice(0, 5).map((message) => event("x", { type: "message", message })),
          event("x", { type: "status", status: "running", version: 7 }),
          event("x", { type: "queue_update", queued_messages: [] }),
          part("6.1", 1),
          { connected: "x" },
          part("6.1", 2),
          event("x", { type: "message", message: messages[5] }),
          event("x", { type: "status", status: "waiting", version: 9 }),
        ],
      },
    ],
    effects: new Map([["T0", 1]]),
    kills: 0,
    unwell: [],
  };
}

test("a sound round is found sound", () => {
  expect(check(sound())).toEqual([]);
});

/** Of an attempt that was not committed before another was asked for; the usage may be that one's. */
test.each([
  ["R2 do", null],
  ["R2 done", null],
  ["R2 done", 7],
])("a stop keeps what was said: %s, %s", (said, totalCostMicros) => {
  const evidence = sound();
  Object.assign(evidence.messages.at(-1)!, { content: [text(said)], totalCostMicros });
  if (totalCostMicros === null) Object.assign(evidence.calls.at(-1)!, { messageId: null, kind: "attempt" });
  expect(check(evidence)).toEqual([]);
});

test("an edit whose answer was lost took place when its row is there", () => {
  const evidence = sound();
  evidence.acts.push({ chatId: CHAT, kind: "edit", marker: "[c1.m2]", outcome: "unknown", order: 2, editedId: 5 });
  Object.assign(evidence.messages[4]!, { deleted: true });
  evidence.messages[5] = { ...evidence.messages[5]!, role: "user", content: [text("[c1.m2] text 5")], id: 6 };
  evidence.messages.push({ ...rowOf(sound(), 6), id: 7 });
  evidence.calls.at(-1)!.messageId = 7;
  for (const request of evidence.requests.slice(2)) request.tokens = ["[c1.m0]", "R0", "R1", "[c1.m2]"];
  expect(check(evidence).filter(({ invariant }) => invariant === "I4")).toEqual([]);
});

test("only what was promoted may overtake", () => {
  const evidence = sound();
  evidence.acts.reverse().forEach((act, order) => void Object.assign(act, { order }));
  evidence.acts.push({ chatId: CHAT, kind: "promote", marker: "[c1.m1]", outcome: "done", order: 2 });
  expect(check(evidence)).toEqual([]);
});

type Lie = [invariant: string, what: string, tell: (evidence: Evidence) => void];

const rowOf = (evidence: Evidence, id: number) => evidence.messages.find((one) => one.id === id)!;
const entriesOf = (evidence: Evidence) => evidence.transcripts[0]!.entries;

test.each<Lie>([
  ["I1", "an acknowledged message is gone", (e) => e.messages.splice(4, 1)],
  ["I1", "a message is stored twice", (e) => e.messages.push({ ...rowOf(e, 5), id: 7 })],
  ["I1", "a refused message is stored", (e) => Object.assign(e.acts[1]!, { outcome: "refused" })],
  ["I2", "a row is of a version that never was", (e) => Object.assign(rowOf(e, 6), { historyVersion: 99 })],
  ["I2", "versions go back", (e) => Object.assign(rowOf(e, 4), { historyVersion: 2 })],
  ["I3", "two answers at one version", (e) => Object.assign(rowOf(e, 4), { historyVersion: 3 })],
  ["I3", "an answer is asked for again", (e) => e.requests.push({ ...e.requests[1]!, id: "R9", askedAt: 41 })],
  ["I4", "an answer to another history", (e) => e.requests[3]!.tokens.pop()],
  ["I5", "a call without a result", (e) => e.messages.splice(2, 1)],
  ["I5", "a result comes twice", (e) => rowOf(e, 3).content.push(result)],
  ["I6", "a command ran twice", (e) => e.effects.set("T0", 2)],
  ["I6", "a command succeeded without an effect", (e) => e.effects.clear()],
  ["I6", "a command of a discarded answer ran", (e) => e.requests[2]!.commands.push("T1") && e.effects.set("T1", 1)],
  ["I7", "a chat never comes to rest", (e) => Object.assign(e.chats[0]!, { status: "interrupting" })],
  ["I8", "a client lacks a row", (e) => entriesOf(e).splice(2, 1)],
  ["I8", "a client shows another status", (e) => Object.assign(entriesOf(e).at(-1)!, { data: { type: "done" } })],
  ["I8", "a client shows parts of what is over", (e) => void entriesOf(e).push(entriesOf(e)[8]!)],
  ["I9", "an answer's cost is not its record's", (e) => Object.assign(rowOf(e, 4), { totalCostMicros: 8 })],
  ["I9", "unknown became zero", (e) => Object.assign(e.calls[0]!, { costMicros: null })],
  ["I9", "the roll-up is not the sum", (e) => Object.assign(e.rollup, { costMicros: 20 })],
  ["I9", "the product's own verifier finds a day that is no sum", (e) => void e.rollup.mismatches.push("cost_day")],
  ["I10", "a part is lost", (e) => entriesOf(e).splice(8, 1)],
  ["I10", "a part comes twice", (e) => void entriesOf(e).splice(9, 0, entriesOf(e)[8]!)],
  ["I10", "a row comes twice", (e) => void entriesOf(e).splice(6, 0, entriesOf(e)[5]!)],
  ["I13", "half a tree is archived", (e) => plantChild(e)],
  ["I13", "an archived chat is not", (e) => void e.acts.push({ ...e.acts[0]!, kind: "archive", order: 2 })],
  [
    "I14",
    "a message overtakes another",
    (e) => void e.acts.reverse().forEach((act, order) => void Object.assign(act, { order })),
  ],
  [
    "I16",
    "attempts without an end",
    (e) => void e.requests.push(...Array(30).fill({ ...e.requests[2]!, tokens: ["[c1.m9]"] })),
  ],
  ["I17", "a chat fails for good", (e) => Object.assign(e.chats[0]!, { status: "error", lastError: { kind: "auth" } })],
  ["I17", "a server does not come back", (e) => e.unwell.push("web 0 says nothing")],
])("%s: %s", (invariant, _, tell) => {
  const evidence = sound();
  tell(evidence);
  expect(check(evidence).map((violation) => violation.invariant)).toContain(invariant);
});

function plantChild(evidence: Evidence): void {
  const root = evidence.chats[0]!;
  evidence.chats.push({ ...root, id: "child", rootChatId: CHAT });
  root.archived = true;
}
