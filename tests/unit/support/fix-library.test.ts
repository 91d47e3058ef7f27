import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelPort } from "@/lib/agent/models/create-model";
import type { ModelEvent, PromptMessage } from "@/lib/agent/types";
import type { StoredPart } from "@/lib/contract/messages";
import { type ModelServer, startModelServer } from "@/tests/support/model-server";
import { fixLibrary } from "@/tests/support/scripts/fix-library";

let server: ModelServer;
beforeEach(async () => {
  const edits = [{ path: "index.js", old_text: "-", new_text: "+" }];
  const library = { testCommand: "npm test", brokenFile: "index.js", edits, cause: "It subtracts." };
  server = await startModelServer({ script: fixLibrary(library) });
});
afterEach(() => server.close());

/** Plays a turn; `resultOf` is what a call gives. */
async function play(provider: "anthropic" | "openai", resultOf: (name: string, step: number) => unknown) {
  const port = createModelPort({ provider, apiKey: "k", baseUrl: server.url, model: "m", options: {} });
  const messages: PromptMessage[] = [{ role: "user", parts: [{ type: "text", text: "Fix it." }] }];
  const steps: string[] = [];
  for (let step = 0; step < 10; step++) {
    const events: ModelEvent[] = [];
    const request = { system: [], messages, tools: [] };
    for await (const event of port.stream(request, new AbortController().signal)) events.push(event);
    const end = events.at(-1);
    if (end?.type !== "finish") throw new Error(JSON.stringify(end));
    const calls = end.parts.filter((part) => part.type === "tool-call");
    messages.push({ role: "assistant", parts: end.parts });
    if (calls.length === 0) return { steps, last: end.parts.find((part) => part.type === "text")?.text };
    steps.push(calls.map(({ tool_name }) => tool_name).join(" "));
    const results = calls.map(({ tool_call_id, tool_name }): StoredPart => {
      const result = resultOf(tool_name, step);
      return { type: "tool-result", tool_call_id, tool_name, result, is_error: typeof result === "string" };
    });
    messages.push({ role: "tool", parts: results });
  }
  throw new Error("The turn has no end.");
}

const exits = (exit_code: number) => ({ output: "", exit_code });

test.each(["anthropic", "openai"] as const)(
  "%s: it looks, sees red, edits, sees green and reports",
  async (provider) => {
    const { steps, last } = await play(provider, (_, step) => exits(step < 4 ? 1 : 0));
    expect(steps).toEqual(["read_file execute", "execute", "read_file", "edit_files", "execute execute"]);
    expect(last).toMatch(/^Fixed\. It subtracts\./);
  },
);

test("a call whose outcome is unknown is made again", async () => {
  const { steps, last } = await play("anthropic", (_, step) =>
    step === 1 ? "Outcome unknown: …" : exits(step < 5 ? 1 : 0),
  );
  expect(steps).toEqual(["read_file execute", "execute", "execute", "read_file", "edit_files", "execute execute"]);
  expect(last).toMatch(/^Fixed/);
});

test("tests that still fail are not reported as fixed", async () => {
  expect((await play("openai", () => exits(1))).last).toMatch(/still fail/);
});
