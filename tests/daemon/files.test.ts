import { expect, test } from "vitest";
import { saveFile } from "@/lib/chats/files";
import type { Part } from "@/lib/contract/messages";
import { createTestDaemon } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt } from "../support/model-script";

const slipway = await createTestDaemon({ script: byPrompt([], reply.text("Seen.")) });
await slipway.start();
const { sql, ownerId, files } = slipway;

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

async function attach(bytes: Uint8Array, name: string): Promise<Part> {
  const file = await saveFile({ sql, files }, { ownerId, bytes, declared: "", name });
  return { type: "file", file_id: file.id, media_type: file.media_type, name: file.name };
}

test("the model is shown pictures as pictures, text as text, quoted lines with their path, and is told what is gone", async () => {
  const gone = await attach(Buffer.from("gone"), "gone.txt");
  if (gone.type === "file") await files.delete(gone.file_id);
  const { chatId } = await slipway.create("", {
    content: [
      { type: "text", text: "What is this?" },
      await attach(PNG, "dot.png"),
      await attach(Buffer.from("# Notes\n```js\n1\n```"), "notes.md"),
      gone,
      { type: "file-reference", file_name: "src/a.ts", start_line: 3, end_line: 4, content: "let a;" },
    ],
  });
  await slipway.until(chatId, "waiting");
  const body = slipway.model.requests.at(-1)!.body as {
    messages: { content: { type: string; text?: string; source?: unknown }[] }[];
  };
  const content = body.messages[0]!.content;
  expect(content.map(({ type }) => type)).toEqual(["text", "image", "text", "text", "text"]);
  expect(content[1]?.source).toMatchObject({ type: "base64", media_type: "image/png", data: PNG.toString("base64") });
  expect(content[2]?.text).toBe("The attached file notes.md:\n````\n# Notes\n```js\n1\n```\n````");
  expect(content[3]?.text).toContain("gone.txt");
  expect(content[4]?.text).toBe("Quoted from src/a.ts, lines 3-4:\n```\nlet a;\n```");
});
