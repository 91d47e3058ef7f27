import { expect, test } from "vitest";
import { z } from "zod";
import { createToolPort, type Tool } from "@/lib/agent/tools/tool";
import { toolCall } from "@/tests/support/scripted-turn";

const OPTIONS = { signal: new AbortController().signal, adopt: false, onOutput: () => undefined };

const echo = (name: string): Tool => ({
  name,
  description: `Echoes for ${name}.`,
  args: z.object({ words: z.array(z.string()).optional(), count: z.int().optional(), note: z.string().optional() }),
  effect: "pure",
  run: async ({ args }) => ({ result: args, is_error: false }),
});

const port = createToolPort([echo("b"), echo("a")]);
const run = (name: string, args: unknown) => port.run(toolCall("1", name, args), OPTIONS);

test("specs are sorted, made once, and plain JSON Schema", () => {
  expect(port.specs().map(({ name }) => name)).toEqual(["a", "b"]);
  expect(port.specs()).toBe(port.specs());
  expect(port.specs()[0]?.inputSchema).toMatchObject({ type: "object", properties: { count: { type: "integer" } } });
  expect(port.specs()[0]?.inputSchema).not.toHaveProperty("$schema");
});

test("an unknown name is an error that lists the known ones", async () => {
  expect(await run("c", {})).toEqual({
    result: 'There is no tool named "c". Nothing was run. The tools are: a, b.',
    is_error: true,
  });
});

test("bad arguments are an error that says which and what", async () => {
  const outcome = await run("a", { words: [1], count: "many" });
  expect(outcome.is_error).toBe(true);
  expect(outcome.result).toMatch(/arguments of a are not right. Nothing was run. words.0: .*string.*; count: .*number/);
});

test.each([null, [], 7])("arguments that are no object are an error: %o", async (args) => {
  expect(await run("a", args)).toMatchObject({ is_error: true });
});

test("arguments that were cut off are an error that shows them", async () => {
  const outcome = await run("a", '{"words": ["x');
  expect(outcome).toMatchObject({ is_error: true, result: expect.stringContaining('Received: {"words": ["x') });
});

test("arrays and numbers that arrive as strings are decoded, texts are left alone", async () => {
  expect(await run("a", { words: '["x"]', count: "3", note: "[1]" })).toEqual({
    result: { words: ["x"], count: 3, note: "[1]" },
    is_error: false,
  });
});
