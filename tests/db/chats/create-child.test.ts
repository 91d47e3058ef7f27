import { expect, test } from "vitest";
import { isDescendant, lockParent } from "@/db/queries/subagents";
import { acquireChats } from "@/lib/chats/acquire";
import { archiveChat, unarchiveChat } from "@/lib/chats/archive";
import { createChat } from "@/lib/chats/create-chat";
import { createChild, MAX_BUSY_CHILDREN } from "@/lib/chats/create-child";
import { interruptChat } from "@/lib/chats/interrupt";
import { finishTurn } from "@/lib/chats/runner-commits";
import { newId } from "@/lib/ids";
import { createChatWriter } from "../../support/chat-writer";
import { countLockWaits, createTestDatabase } from "../../support/database";
import { insertChat, registerWorker } from "../../support/rows";

const { sql } = await createTestDatabase();
const { writer, hints, ownerId, modelConfigId } = await createChatWriter(sql);

const templateId = newId();
const workspaceId = newId();
await sql`INSERT INTO templates (id, name) VALUES (${templateId}, 'Local')`;
await sql`INSERT INTO workspaces (id, name, owner_id, template_id) VALUES (${workspaceId}, 'w', ${ownerId}, ${templateId})`;

/** The runner of this chat, once everything that is pending was claimed. */
async function claim(chatId: string): Promise<string> {
  for (;;) {
    const runs = await acquireChats(writer, { workerId: await registerWorker(sql), limit: 10 });
    const own = runs.find((run) => run.chatId === chatId);
    if (own) return own.runnerId;
    expect(runs.length).toBeGreaterThan(0);
  }
}

/** A root that a runner owns. */
async function runningParent() {
  const { chatId } = await createChat(writer, { ownerId, content: "Do it.", modelConfigId });
  return { parentChatId: chatId, runnerId: await claim(chatId) };
}

type Parent = { parentChatId: string; runnerId: string };
const spawn = (parent: Parent, toolCallId = newId(), beforeCommit: () => Promise<void> = async () => {}) =>
  createChild(writer, {
    ...parent,
    toolCallId,
    agentType: "general",
    prompt: "Look at it.",
    modelConfigId,
    reasoningEffort: null,
    workspaceId,
    templateId: null,
    repository: null,
    branch: null,
    systemPrompt: null,
    deadlineSeconds: 60,
    beforeCommit,
  });
const childrenOf = async ({ parentChatId }: Parent) => sql`SELECT * FROM chats WHERE parent_chat_id = ${parentChatId}`;

test("a call that is made again, also at once, gets the subagent it made", async () => {
  const parent = await runningParent();
  const first = await spawn(parent, "call-1");
  hints.length = 0;
  expect(await spawn(parent, "call-1")).toEqual(first);
  expect(hints).toEqual([]);
  const together = await Promise.allSettled([
    spawn(parent, "call-2"),
    spawn(parent, "call-2"),
    spawn(parent, "call-2"),
  ]);
  expect(together.some(({ status }) => status === "fulfilled")).toBe(true);
  expect(await childrenOf(parent)).toHaveLength(2);
});

test("what fails before the commit leaves no subagent", async () => {
  const parent = await runningParent();
  const fails = spawn(parent, "call-1", () => Promise.reject(new Error("the server is gone")));
  await expect(fails).rejects.toThrow("the server is gone");
  expect(await childrenOf(parent)).toHaveLength(0);
});

test("only the runner that owns a running root makes subagents", async () => {
  const parent = await runningParent();
  await expect(spawn({ ...parent, runnerId: newId() })).rejects.toThrow("no longer owns");
  const child = await spawn(parent);
  const runnerId = await claim(child.chatId);
  await expect(spawn({ parentChatId: child.chatId, runnerId })).rejects.toThrow("of its own");
  await interruptChat(writer, { chatId: parent.parentChatId, ownerId });
  await expect(spawn(parent)).rejects.toThrow("was stopped");
  expect(await childrenOf(parent)).toHaveLength(1);
});

test("one root has so many subagents at work at most", async () => {
  const parent = await runningParent();
  for (let count = 0; count < MAX_BUSY_CHILDREN; count += 1) await spawn(parent);
  await expect(spawn(parent)).rejects.toThrow("at work already");
  await sql`UPDATE chats SET status = 'completed' WHERE parent_chat_id = ${parent.parentChatId}`;
  await spawn(parent);
});

test("a family is not archived while a subagent is being born, and then refuses because it is busy", async () => {
  const parent = await runningParent();
  let open = () => {};
  const door = new Promise<void>((resolve) => {
    open = resolve;
  });
  let enter = () => {};
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  const born = spawn(parent, "call-1", () => {
    enter();
    return door;
  });
  await entered;
  const target = { chatId: parent.parentChatId, ownerId };
  let isSettled = false;
  const archived = archiveChat(writer, target).finally(() => {
    isSettled = true;
  });
  archived.catch(() => {});
  await expect.poll(() => countLockWaits(sql)).toBeGreaterThan(0);
  expect(isSettled).toBe(false);
  open();
  await born;
  await expect(archived).rejects.toMatchObject({ code: "conflict" });
  expect((await childrenOf(parent))[0]).toMatchObject({ archived: false, status: "pending" });
});

test("no subagent is born into a family that is being archived", async () => {
  const parent = await runningParent();
  await finishTurn(writer, { chatId: parent.parentChatId, fence: { runnerId: parent.runnerId } });
  // A zombie that looked before the turn was over.
  const waiting: Promise<unknown>[] = [];
  await sql.begin(async (tx) => {
    await tx`SELECT 1 FROM chats WHERE id = ${parent.parentChatId} FOR UPDATE`;
    await tx`UPDATE chats SET archived = true WHERE id = ${parent.parentChatId}`;
    waiting.push(expect(spawn(parent)).rejects.toThrow());
    await expect.poll(() => countLockWaits(sql)).toBeGreaterThan(0);
  });
  await Promise.all(waiting);
  expect(await childrenOf(parent)).toHaveLength(0);
});

test("a family is archived and comes back together; a subagent not without its root", async () => {
  const parent = await runningParent();
  const { chatId: childId } = await spawn(parent);
  const fence = { runnerId: parent.runnerId };
  await finishTurn(writer, { chatId: parent.parentChatId, fence });
  const [root, child] = [parent.parentChatId, childId].map((chatId) => ({ chatId, ownerId }));
  await expect(archiveChat(writer, root!)).rejects.toMatchObject({ code: "conflict" });
  await interruptChat(writer, child!);
  await archiveChat(writer, root!);
  expect((await childrenOf(parent))[0]?.archived).toBe(true);
  await expect(unarchiveChat(writer, child!)).rejects.toMatchObject({ code: "conflict" });
  await unarchiveChat(writer, root!);
  expect((await childrenOf(parent))[0]?.archived).toBe(false);
});

test("a lock on a chat that is not there finds nothing", async () => {
  expect(await sql.begin((tx) => lockParent(tx, { chatId: newId() }))).toBeUndefined();
});

test("a descendant is found upwards, whatever lies beside it, and a forged cycle ends the walk", async () => {
  const root = await insertChat(sql, { ownerId });
  const child = await insertChat(sql, { ownerId, rootChatId: root });
  const grandchild = await insertChat(sql, { ownerId, rootChatId: root });
  await sql`UPDATE chats SET parent_chat_id = ${child} WHERE id = ${grandchild}`;
  const other = await insertChat(sql, { ownerId });
  const below = (chatId: string, ancestorId: string, owner = ownerId) =>
    isDescendant(sql, { chatId, ancestorId, ownerId: owner });
  expect(await below(child, root)).toBe(true);
  expect(await below(grandchild, root)).toBe(true);
  expect(await below(root, child)).toBe(false);
  expect(await below(root, root)).toBe(false);
  expect(await below(child, other)).toBe(false);
  expect(await below(child, root, newId())).toBe(false);
  await sql`UPDATE chats SET parent_chat_id = ${grandchild} WHERE id = ${root}`;
  expect(await below(child, other)).toBe(false);
  expect(await below(child, child)).toBe(false);
});
