import { expect, test } from "vitest";
import { serveFile } from "@/lib/chats/files";
import { MAX_FILE_BYTES } from "@/lib/contract/files";
import type { RunContext } from "@/lib/daemon/run-context";
import { sweepFiles } from "@/lib/daemon/sweep-files";
import { createAttachFile } from "@/lib/daemon/tools/attach-file";
import { withLedger } from "@/lib/daemon/tools/server-tool";
import { createTestDaemon } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byStep } from "../support/model-script";
import { toolCall } from "../support/scripted-turn";

const slipway = await createTestDaemon({
  script: ({ prompt }) =>
    byStep([reply.toolCalls([{ name: "attach_file", args: JSON.parse(prompt) }]), reply.text("There it is.")]),
});
await slipway.start();
const { sql, files, ownerId, workspaces } = slipway;

const BINARY = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]);
workspaces.files.set("out/report.csv", Buffer.from("a,b\n1,2\n"));
workspaces.files.set("dist/app", BINARY);
workspaces.files.set("empty", Buffer.alloc(0));
workspaces.files.set("full", Buffer.alloc(MAX_FILE_BYTES, 1));
workspaces.files.set("over", Buffer.alloc(MAX_FILE_BYTES + 1, 1));

/** Lets an agent attach it; the result that the model read. */
async function attach(args: { path: string; name?: string }) {
  const { chatId } = await slipway.create(JSON.stringify(args));
  await slipway.until(chatId, "waiting");
  const row = (await slipway.rowsOf(chatId)).find(({ role }) => role === "tool");
  return { chatId, ...row?.content[0] };
}

const download = (fileId: string) => serveFile({ sql, files }, { fileId, ownerId });
const countFiles = async () => (await sql`SELECT count(*)::int AS n FROM chat_files`)[0]?.n;

test("a file of the workspace is in the chat, for its person to download, for as long as the chat is there", async () => {
  const { chatId, is_error, result } = await attach({ path: "out/report.csv" });
  expect(is_error).toBe(false);
  expect(result).toEqual({ file_id: expect.any(String), name: "report.csv", media_type: "text/csv", size_bytes: 8 });
  workspaces.files.set("out/report.csv", Buffer.from("changed"));
  await sql`UPDATE chat_files SET created_at = now() - interval '2 days'`;
  await sweepFiles({ sql, files });
  expect(await (await download(result.file_id)).text()).toBe("a,b\n1,2\n");
  const links = await sql`SELECT chat_id FROM chat_file_links WHERE file_id = ${result.file_id}`;
  expect(links.map((link) => link.chat_id)).toEqual([chatId]);
});

test("what is neither text nor picture is only ever downloaded, under the name that was given", async () => {
  const { result } = await attach({ path: "dist/app", name: "../../app\u202etxt.exe" });
  expect(result.media_type).toBe("application/octet-stream");
  expect(result.name).not.toMatch(/[/\u202e]/);
  const response = await download(result.file_id);
  expect(response.headers.get("content-disposition")).toContain("attachment");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(Buffer.from(await response.arrayBuffer())).toEqual(BINARY);
});

test("10 MiB are taken; a byte more, nothing, and what is not there are refused in words, and nothing stays", async () => {
  expect(await attach({ path: "full" })).toMatchObject({ is_error: false, result: { size_bytes: MAX_FILE_BYTES } });
  const before = await countFiles();
  for (const [path, words] of [
    ["over", "Nothing was attached"],
    ["empty", "is empty"],
    ["missing", "does not exist"],
  ] as const) {
    const { is_error, result } = await attach({ path });
    expect(is_error, path).toBe(true);
    expect(result, path).toContain(words);
  }
  expect(await countFiles()).toBe(before);
});

/** The tool as a runner of that chat has it. */
function runnersTool(chatId: string, isSlow: Promise<void>) {
  const connection = { readBytes: () => isSlow.then(() => ({ bytes: Buffer.from("once") })) };
  const workspace = { connect: async () => ({ connection, isNew: false }) };
  const parts = { writer: slipway.writer, files };
  const context = { parts, run: { chatId, ownerId }, workspace } as unknown as RunContext;
  return withLedger(createAttachFile(context), { sql, chatId });
}

test("of two runners that do the same call at once one attaches, and both tell its result", async () => {
  const { chatId } = await attach({ path: "out/report.csv" });
  const before = await countFiles();
  let wake = () => {};
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const options = { signal: new AbortController().signal, adopt: true, onOutput: () => {} };
  const run = { call: toolCall("call-twice", "attach_file", { path: "x" }), args: { path: "x" }, options };
  const zombie = runnersTool(chatId, asleep).run(run);
  const successor = await runnersTool(chatId, Promise.resolve()).run(run);
  wake();
  expect(await zombie).toEqual(successor);
  expect(await runnersTool(chatId, Promise.resolve()).run(run)).toEqual(successor);
  expect(await countFiles()).toBe(before + 1);
});
