import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseJsonEventStream } from "@ai-sdk/provider-utils";
import { expect, test } from "vitest";
import { z } from "zod";
import { readJsonEvents } from "@/lib/agent/models/json-events";
import { withNormalizedOnce, withOneStream } from "@/lib/server/sdk-patch.mjs";

const schema = z.object({ n: z.number() });

/** Everything that a provider's stream has been seen to hold. */
const ANSWERS = [
  'data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n',
  ': a comment\nevent: delta\nid: 7\ndata: {"n":1,"text":"ä€😀"}\n\n',
  'data: {"n":1}\r\n\r\ndata:{"n":2}\r\n\r\n',
  'data: {"n":1}\r\rdata: {"n":2}\r\r: the end\n',
  'data: {"n":\ndata: 1}\n\n',
  '\uFEFFdata: {"n":1}\n\n',
  'data: {"n":"not a number"}\n\ndata: {"n":\n\ndata: {"n":3}\n\n',
  'data: {"n":1}\n\ndata: {"n":2}',
  "",
];

const cutAt = (text: string, sizes: number) => {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (let from = 0; from < bytes.length; from += sizes) controller.enqueue(bytes.slice(from, from + sizes));
      controller.close();
    },
  });
};

/** An error says what it is, not where. */
const collect = async (stream: ReadableStream<unknown>) =>
  (await Array.fromAsync(stream)).map((event) => JSON.stringify(event, (_, value) => value?.name ?? value));

const theirs = (stream: ReadableStream<Uint8Array>) => parseJsonEventStream({ stream, schema });

/** As the patched package calls it: its own parsing behind our reading. */
const ours = (stream: ReadableStream<Uint8Array>) =>
  readJsonEvents(stream, async (text) => {
    const one = new Blob([`data: ${text.replaceAll("\n", "\ndata: ")}\n\n`]).stream();
    return (await Array.fromAsync(theirs(one)))[0];
  });

test("an answer cut anywhere is read as the packages read it", async () => {
  for (const answer of ANSWERS) {
    for (const size of [1, 2, 3, 7, 1_000]) {
      expect(await collect(ours(cutAt(answer, size)))).toEqual(await collect(theirs(cutAt(answer, size))));
    }
  }
});

test("an answer that breaks off fails with its own error, after what came before", async () => {
  const broken = new Error("the line went dead");
  let pulls = 0;
  const bytes = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulls += 1;
      if (pulls > 1) controller.error(broken);
      else controller.enqueue(new TextEncoder().encode('data: {"n":1}\n\n'));
    },
  });
  const reader = readJsonEvents(bytes, async (text) => text).getReader();
  expect(await reader.read()).toEqual({ done: false, value: '{"n":1}' });
  await expect(reader.read()).rejects.toBe(broken);
});

test("whoever stops reading stops the provider", async () => {
  let reason: unknown;
  const bytes = new ReadableStream<Uint8Array>({
    cancel(given) {
      reason = given;
    },
  });
  await readJsonEvents(bytes, async (text) => text).cancel("enough");
  expect(reason).toBe("enough");
});

test("a line of ten megabytes in small pieces takes no longer than its bytes", async () => {
  const text = JSON.stringify({ n: 1, args: "x".repeat(10_000_000) });
  const [event] = await Array.fromAsync(readJsonEvents(cutAt(`data: ${text}\n\n`, 4_096), async (one) => one.length));
  expect(event).toBe(text.length);
});

test("every installed copy of the provider packages' reader is replaced", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const copies = globSync("node_modules/**/@ai-sdk/provider-utils/dist/index.js", { cwd: root });
  expect(copies.length).toBeGreaterThan(0);
  for (const copy of copies) {
    const patched = withOneStream(readFileSync(`${root}/${copy}`, "utf8"), "/json-events.ts");
    expect(patched).toContain("return readJsonEvents(stream, (text) => safeParseJSON({ text, schema }));");
    expect(patched).not.toContain("new TextDecoderStream()");
    expect(patched).not.toContain("await safeParseAsync");
    expect(patched).toMatch(/= safeParse\(zodSchema2?, value\)/);
  }
  expect(() => withOneStream("export {};", "/json-events.ts")).toThrow("has changed");
});

test("every installed copy of OpenAI's package remembers the schemas that it was given", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const copies = globSync("node_modules/**/@ai-sdk/openai/dist/index.js", { cwd: root });
  expect(copies.length).toBeGreaterThan(0);
  for (const copy of copies) {
    const patched = withNormalizedOnce(readFileSync(`${root}/${copy}`, "utf8"));
    expect(patched).toContain("known = normalizeOnce(schema)");
  }
  expect(() => withNormalizedOnce("export {};")).toThrow("has changed");
});
