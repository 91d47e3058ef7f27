import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseJsonEventStream } from "@ai-sdk/provider-utils";
import { expect, test } from "vitest";
import { z } from "zod";
import { readJsonEvents } from "@/lib/agent/models/json-events";
import { withNormalizedOnce, withOneStream, withoutPipes } from "@/lib/server/sdk-patch.mjs";

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
const collect = async (stream: AsyncIterable<unknown>) =>
  (await Array.fromAsync(stream)).map((event) => JSON.stringify(event, (_, value) => value?.name ?? value));

/** Node loads the package as it is installed, where the import has it as it is bundled. */
const installed = createRequire(import.meta.url)("@ai-sdk/provider-utils") as {
  parseJsonEventStream: typeof parseJsonEventStream;
};
const theirs = (stream: ReadableStream<Uint8Array>) => installed.parseJsonEventStream({ stream, schema });
const ours = (stream: ReadableStream<Uint8Array>) => parseJsonEventStream({ stream, schema });

test("these tests run the packages as they are bundled", () => {
  expect(parseJsonEventStream.toString()).toContain("readJsonEvents");
  expect(installed.parseJsonEventStream.toString()).toContain("TextDecoderStream");
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
  const reader = readJsonEvents(bytes, (text) => text).getReader();
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
  await readJsonEvents(bytes, (text) => text).cancel("enough");
  expect(reason).toBe("enough");
});

test("a line of ten megabytes in small pieces takes no longer than its bytes", async () => {
  const text = JSON.stringify({ n: 1, args: "x".repeat(10_000_000) });
  const [event] = await Array.fromAsync(readJsonEvents(cutAt(`data: ${text}\n\n`, 4_096), (one) => one.length));
  expect(event).toBe(text.length);
});

const root = fileURLToPath(new URL("../..", import.meta.url));
const copiesOf = (name: string) => {
  const copies = globSync(`node_modules/**/@ai-sdk/${name}/dist/index.js`, { cwd: root });
  expect(copies.length).toBeGreaterThan(0);
  return copies.map((copy) => readFileSync(`${root}/${copy}`, "utf8"));
};

test("every installed copy of the provider packages' reader is replaced", () => {
  for (const copy of copiesOf("provider-utils")) {
    const patched = withOneStream(copy, "/models");
    expect(patched).toContain("return readJsonEvents(stream, (text) => parseNow({ text, schema }));");
    expect(patched).toMatch(/function wrapResponseBodyStream[\s\S]{1,400}return createEventStream\(/);
    expect(patched).not.toContain("new TextDecoderStream()");
    expect(patched).not.toContain("await safeParseAsync");
    expect(patched).toMatch(/= safeParse\(zodSchema2?, value\)/);
    expect(patched).toMatch(/\nfunction parseNow\([\s\S]*?return validateNow\(/);
    expect(patched).toMatch(/\nfunction validateNow\([\s\S]*?const result = actualSchema\.validate\(value\);/);
  }
  expect(() => withOneStream("export {};", "/models")).toThrow("has changed");
});

test.each(["openai", "openai-compatible", "anthropic"] as const)(
  "no copy of %s's package has a stream of its own",
  (name) => {
    for (const copy of copiesOf(name)) expect(withoutPipes(copy, name)).not.toContain("new TransformStream(");
    expect(() => withoutPipes("export {};", name)).toThrow("has changed");
  },
);

test("every installed copy of OpenAI's package remembers the schemas that it was given", () => {
  for (const copy of copiesOf("openai")) {
    expect(withNormalizedOnce(copy)).toContain("known = normalizeOnce(schema)");
  }
  expect(() => withNormalizedOnce("export {};")).toThrow("has changed");
});
