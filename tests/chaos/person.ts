/** A person at work on one chat: sends, interrupts, edits, promotes, takes back and archives, one after the other, and remembers the answers. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../support/random";
import type { Act } from "./evidence";

export type Api = {
  /** Asked again, with the same key, until an answer comes; undefined: none did. */
  request(method: string, path: string, body?: unknown, key?: string): Promise<Answer | undefined>;
};

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
export type Answer = { status: number; body: any };

export type Person = { chatId: string; acts: Act[]; work(): Promise<void> };

type PersonOptions = {
  number: number;
  api: Api;
  random: Random;
  /** May ask for commands. */
  workspaceId: string | undefined;
  /** Called as soon as the chat exists. */
  onCreated: (marker: string, chatId: string) => void;
};

/** Each waits up to this long before the next. */
const PAUSE_MS = 700;

/** Creates the chat; `work` does the rest. @throws Error when it cannot be created. */
export async function createPerson(options: PersonOptions): Promise<Person> {
  const { number, api, random, workspaceId } = options;
  const acts: Act[] = [];
  let messages = 0;
  const newMarker = () => `[c${number}.m${messages++}]`;
  const text = (marker: string) => `${marker} ${planOf(random, workspaceId !== undefined)} ${5 + random.below(60)}`;

  const marker = newMarker();
  const firstText = text(marker);
  options.onCreated(marker, "");
  const body = { content: firstText, ...(workspaceId && { workspace_id: workspaceId }) };
  const created = await api.request("POST", "/chats", body, `create-${number}`);
  if (created?.status !== 201) throw new Error(`No chat: ${JSON.stringify(created)}`);
  const chatId = created.body.id as string;
  options.onCreated(marker, chatId);
  const record = (act: Omit<Act, "chatId" | "order">) => acts.push({ chatId, order: acts.length, ...act });
  record({ kind: "send", marker, delivery: "queue", outcome: "done" });

  const outcomeOf = (answer: Answer | undefined) =>
    answer === undefined ? ("unknown" as const) : answer.status < 300 ? ("done" as const) : ("refused" as const);

  async function send(): Promise<void> {
    const one = newMarker();
    const delivery = random.pick(["queue", "queue", "steer", "interrupt"] as const);
    const content = { content: text(one), busy_behavior: delivery };
    const answer = await api.request("POST", `/chats/${chatId}/messages`, content, `${number}-${one}`);
    record({
      kind: "send",
      marker: one,
      delivery,
      outcome: outcomeOf(answer),
      queued: answer?.body?.queued === true,
    });
  }

  async function interrupt(): Promise<void> {
    const answer = await api.request("POST", `/chats/${chatId}/interrupt`);
    record({ kind: "interrupt", marker: "", outcome: outcomeOf(answer) });
  }

  async function edit(): Promise<void> {
    const page = await api.request("GET", `/chats/${chatId}/messages`);
    const mine = page?.body?.messages?.filter((message: { role: string }) => message.role === "user") ?? [];
    if (mine.length === 0) return;
    const editedId = random.pick<{ id: number }>(mine).id;
    const one = newMarker();
    // Without a key: whether an edit whose answer was lost took place, nobody can say.
    const answer = await api.request("PATCH", `/chats/${chatId}/messages/${editedId}`, { content: text(one) });
    if (answer?.status === 405) return;
    const messageId = answer?.body?.message?.id as number | undefined;
    const outcome = answer && answer.status < 300 ? "done" : "unknown";
    record({ kind: "edit", marker: one, outcome, editedId, ...(messageId && { messageId }) });
  }

  async function pickWaiting(): Promise<{ id: number; marker: string } | undefined> {
    const page = await api.request("GET", `/chats/${chatId}/messages`);
    const waiting = page?.body?.queued_messages ?? [];
    if (waiting.length === 0) return undefined;
    const { id, content } = random.pick<{ id: number; content: { text: string }[] }>(waiting);
    return { id, marker: /\[c\d+\.m\d+\]/.exec(content[0]?.text ?? "")?.[0] ?? "" };
  }

  async function promote(): Promise<void> {
    const item = await pickWaiting();
    if (!item) return;
    const answer = await api.request("POST", `/chats/${chatId}/queue/${item.id}/promote`);
    // 404: it was sent meanwhile, perhaps by an earlier try whose answer was lost.
    record({ kind: "promote", marker: item.marker, outcome: answer && answer.status < 300 ? "done" : "unknown" });
  }

  async function takeBack(): Promise<void> {
    const item = await pickWaiting();
    if (!item) return;
    const answer = await api.request("DELETE", `/chats/${chatId}/queue/${item.id}`);
    // 404: it was sent meanwhile, or an earlier try removed it.
    record({ kind: "remove", marker: item.marker, outcome: answer?.status === 204 ? "done" : "unknown" });
  }

  /** Refused while anything is under way. What is sent to an archived chat is refused, and nothing of it is stored. */
  async function archive(): Promise<void> {
    const answer = await api.request("POST", `/chats/${chatId}/archive`);
    record({ kind: "archive", marker: "", outcome: outcomeOf(answer) });
    if (answer?.status === 409) return;
    if (random.chance(0.5)) await send();
    const back = await api.request("POST", `/chats/${chatId}/unarchive`);
    record({ kind: "unarchive", marker: "", outcome: outcomeOf(back) });
  }

  const doings = [send, send, send, send, send, interrupt, edit, takeBack, promote, archive];
  return {
    chatId,
    acts,
    async work() {
      for (let left = 2 + random.below(5); left > 0; left -= 1) {
        await sleep(random.below(PAUSE_MS));
        await random.pick(doings)();
      }
    },
  };
}

function planOf(random: Random, hasWorkspace: boolean): string {
  if (!hasWorkspace) return "text";
  return random.pick(["text", "tool,text", "many,text", "tool,tool,text", "many,tool,text"]);
}
