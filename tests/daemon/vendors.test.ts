import { expect, test } from "vitest";
import { SUPPORTED_PROVIDER_TYPES } from "@/lib/contract/models";
import { createTestDaemon } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byStep } from "../support/model-script";

const slipway = await createTestDaemon({
  script: byStep([
    reply.answer(
      [
        { type: "reasoning", chunks: "Let me look." },
        { type: "text", chunks: "I list the files." },
        { type: "tool_call", name: "execute", args: { command: "ls" } },
      ],
      { usage: { input: 100, output: 20 } },
    ),
    reply.text("There is one file.", { usage: { input: 100, output: 20 } }),
  ]),
  runTool: async () => ({ result: { output: "a.txt", exit_code: 0 }, is_error: false }),
});
await slipway.start();
const { sql } = slipway;

test.each(SUPPORTED_PROVIDER_TYPES)("%s: a turn with a tool runs to its end and is paid by the price", async (type) => {
  await sql`UPDATE chat_providers SET provider = ${type}, base_url = ${slipway.model.url} WHERE id = ${slipway.providerId}`;
  const { chatId } = await slipway.create("which files are there?");
  await slipway.until(chatId, "waiting");

  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool", "assistant"]);
  expect(rows[1]?.content).toMatchObject([
    { type: "reasoning", text: "Let me look." },
    { type: "text", text: "I list the files." },
    { type: "tool-call", tool_name: "execute", args: { command: "ls" } },
  ]);
  expect(rows[2]?.content).toMatchObject([{ type: "tool-result", result: { output: "a.txt" } }]);
  expect(rows[3]).toMatchObject({ input_tokens: 100, output_tokens: 20, total_cost_micros: 600 });
  const [last] = slipway.model.requests.slice(-1);
  expect(last?.toolResults[0]?.text).toContain("a.txt");
  expect(last?.tools).toContain("execute");
});
