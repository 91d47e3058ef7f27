/** Chat and files taken back together, in a real sandbox: by message, undone, after a crash, beside other chats. */
import { expect, test } from "vitest";
import { interruptChat } from "@/lib/chats/interrupt";
import { rewindChat } from "@/lib/chats/rewind";
import { systemClock } from "@/lib/clock";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { previewRewind, rewind, undo } from "@/lib/repositories/rewind";
import { createTestDaemon, waitFor } from "../support/daemon";
import { createTestDatabase } from "../support/database";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { createTestWorkspaces } from "../support/workspaces";

const database = await createTestDatabase();
const workspaces = await createTestWorkspaces({ database });
const sh = (command: string) => reply.toolCalls([{ name: "execute", args: { command, timeout: "20s" } }]);
const done = reply.text("Done.");
const slipway = await createTestDaemon({
  database,
  service: workspaces.service,
  script: byPrompt(
    [
      [/^one/, byStep([sh("echo ignored > .gitignore; echo 1 > a.txt; echo kept > ignored"), sh("cat a.txt"), done])],
      [/^two/, byStep([sh("echo 2 > a.txt; mkdir -p d; echo b > d/b.txt"), sh("rm a.txt"), done])],
      [/^hang/, byStep([sh("echo 3 > a.txt; sleep 60"), done])],
      [/^look/, byStep([sh("cat a.txt; ls d"), done])],
    ],
    done,
  ),
});
await slipway.start();
const { sql, ownerId } = slipway;
const parts = {
  ...slipway.asideContext,
  clock: systemClock,
  hosts: createGitHosts({ entries: [], clock: systemClock }),
  workspaces: workspaces.service,
};
const signal = new AbortController().signal;
const templateId = await workspaces.insertTemplate({});

async function begin(prompt: string): Promise<string> {
  const { chatId } = await slipway.create(prompt, { templateId });
  await idle(chatId);
  return chatId;
}
const idle = (chatId: string) => slipway.until(chatId, "waiting");
async function say(chatId: string, text: string) {
  await slipway.send(chatId, text);
  await idle(chatId);
}
const workspaceOf = async (chatId: string): Promise<string> => (await slipway.chatOf(chatId))!.workspace_id;
const files = async (chatId: string): Promise<string> => {
  const command = "for f in $(find . -type f -not -name .gitignore | sort); do echo $f $(cat $f); done";
  return (await workspaces.call(await workspaceOf(chatId), "execute", { command })).result.output;
};
const idsOf = async (chatId: string): Promise<number[]> => (await slipway.rowsOf(chatId)).map(({ id }) => Number(id));
const snapshotsOf = (chatId: string) => sql`SELECT * FROM chat_snapshots WHERE chat_id = ${chatId} ORDER BY message_id`;
const failing = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "it worked",
    (error: Error) => error.message,
  );
const AFTER_ONE = "./a.txt 1\n./ignored kept\n";
const AFTER_TWO = "./d/b.txt b\n./ignored kept\n";

test("a rewind takes messages and files back to any message, and is undone as a whole", async () => {
  const chatId = await begin("one");
  const afterOne = await idsOf(chatId);
  await say(chatId, "two");
  const afterTwo = await idsOf(chatId);
  // One before the first change and one for each step that changed something.
  expect(await snapshotsOf(chatId)).toHaveLength(4);
  expect(await files(chatId)).toBe(AFTER_TWO);

  const target = { chatId, ownerId, messageId: afterOne.at(-1)! };
  expect(await previewRewind(parts, target)).toMatchObject({
    message_count: afterTwo.length - afterOne.length,
    restores_files: true,
    files_message: null,
    shared_with: [],
    refusal: null,
    can_undo: false,
  });
  const rewound = await rewind(parts, { ...target, signal });
  expect(rewound).toMatchObject({
    status: "waiting",
    rewind: { files: "restored", can_undo: true, deleted_message_ids: afterTwo.slice(afterOne.length) },
  });
  expect(await idsOf(chatId)).toEqual(afterOne);
  expect(await files(chatId)).toBe(AFTER_ONE);

  const back = await undo(parts, { chatId, ownerId, signal });
  expect(back.rewind).toMatchObject({ files: "restored", can_undo: false });
  expect(back.rewind.restored_message_ids).toEqual(afterTwo.slice(afterOne.length));
  expect(await idsOf(chatId)).toEqual(afterTwo);
  expect(await files(chatId)).toBe(AFTER_TWO);
  expect(await failing(undo(parts, { chatId, ownerId, signal }))).toContain("no rewind to undo");

  // An answer stays with the results of its calls.
  const [first, call, result] = afterOne;
  expect((await rewind(parts, { chatId, ownerId, messageId: call!, signal })).rewind).toMatchObject({
    message_id: result,
    files: "restored",
  });
  expect(await files(chatId)).toBe(AFTER_ONE);
  await rewind(parts, { chatId, ownerId, messageId: first!, signal });
  expect(await idsOf(chatId)).toEqual([first]);
  expect(await files(chatId)).toBe("./ignored kept\n");
  await say(chatId, "look");
  expect(await failing(undo(parts, { chatId, ownerId, signal }))).toContain("something was said since");
});

test("what a kill left undone is put back before anybody works in the files", async () => {
  const chatId = await begin("one");
  const afterOne = (await idsOf(chatId)).at(-1)!;
  await say(chatId, "two");
  const workspaceId = await workspaceOf(chatId);
  await rewindChat(slipway.writer, { chatId, ownerId, workspaceId, messageId: afterOne });
  expect(await files(chatId)).toBe(AFTER_TWO);
  await say(chatId, "look");
  const results = (await slipway.rowsOf(chatId)).filter(({ role }) => role === "tool");
  expect(results.at(-1)!.content[0].result.output).toContain("1\n");
  expect(await files(chatId)).toBe(AFTER_ONE);
});

test("what an interrupted step left is kept with it, once anybody goes on", async () => {
  const chatId = await begin("one");
  await slipway.send(chatId, "hang");
  await waitFor(async () => (await files(chatId)).includes("a.txt 3"), "the step has changed a file");
  await interruptChat(slipway.writer, { chatId, ownerId });
  await idle(chatId);
  const interrupted = (await idsOf(chatId)).at(-1)!;
  await say(chatId, "Never mind.");
  await say(chatId, "two");
  expect(await files(chatId)).toBe(AFTER_TWO);
  await rewind(parts, { chatId, ownerId, messageId: interrupted, signal });
  expect(await files(chatId)).toContain("./a.txt 3\n");
});

test("nobody's files change below them: a busy chat in the same workspace refuses, an idle one is named", async () => {
  const chatId = await begin("one");
  const first = (await idsOf(chatId))[0]!;
  const workspaceId = await workspaceOf(chatId);
  const { chatId: other } = await slipway.create("other", { workspaceId, title: "Neighbour" });
  await idle(other);
  const target = { chatId, ownerId, messageId: first };
  await sql`UPDATE chats SET status = 'paused', pause_reason = 'spend_limit' WHERE id = ${other}`;
  expect(await failing(rewind(parts, { ...target, signal }))).toContain("“Neighbour” works in the same files");
  expect(await idsOf(chatId)).toHaveLength(6);
  await sql`UPDATE chats SET status = 'waiting', pause_reason = NULL WHERE id = ${other}`;
  expect(await previewRewind(parts, target)).toMatchObject({ shared_with: [{ id: other, title: "Neighbour" }] });
  expect((await rewind(parts, { ...target, signal })).rewind.shared_with).toEqual([{ id: other, title: "Neighbour" }]);
});

test("a snapshot that is gone, a message that is not there and a chat without files are said", async () => {
  const chatId = await begin("one");
  const ids = await idsOf(chatId);
  const last = ids.at(-1)!;
  expect(await failing(rewind(parts, { chatId, ownerId, messageId: last, signal }))).toContain(
    "Nothing was said after",
  );
  expect(await failing(rewind(parts, { chatId, ownerId, messageId: last + 1_000, signal }))).toContain("no message");
  expect(await failing(rewind(parts, { chatId, ownerId: workspaces.ownerId, messageId: last, signal }))).toContain(
    "Nothing was found",
  );
  await workspaces.call(await workspaceOf(chatId), "execute", { command: "rm -rf ~/.slipway/snapshots.git" });
  const rewound = await rewind(parts, { chatId, ownerId, messageId: ids[0]!, signal });
  expect(rewound.rewind.files).toBe("none");
  expect(await files(chatId)).toBe(AFTER_ONE);
  const { chatId: plain } = await slipway.create("hello", {});
  await idle(plain);
  const [said] = await idsOf(plain);
  expect(await previewRewind(parts, { chatId: plain, ownerId, messageId: said! })).toMatchObject({
    restores_files: false,
    files_message: expect.stringContaining("no workspace"),
  });
  expect((await rewind(parts, { chatId: plain, ownerId, messageId: said!, signal })).rewind.files).toBe("none");
  await waitFor(async () => (await idsOf(plain)).length === 1, "the answer is gone");
});
