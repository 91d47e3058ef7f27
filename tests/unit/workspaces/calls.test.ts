/** What a call shows while it runs, however much it prints. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createCalls } from "@/lib/workspaces/agent/calls";
import { openLedger } from "@/lib/workspaces/agent/ledger";
import { createTemporaryDirectory } from "../../support/temporary-directory";

const directory = await createTemporaryDirectory();

async function show(pieces: readonly string[]): Promise<string> {
  const fd = openSync(join(directory, "ledger"), "a+");
  onTestFinished(() => closeSync(fd));
  const calls = createCalls(openLedger(fd), async (_, { emit }) => {
    await Promise.resolve();
    for (const piece of pieces) emit(piece);
    return {};
  });
  let shown = "";
  const call = { callId: `${pieces.length}`, chatId: "chat", tool: "execute", args: {} } as const;
  await calls.run(call, (delta) => {
    shown += delta;
  }).outcome;
  return shown;
}

test("bytes that no store takes are replaced, one for one", async () => {
  expect(await show(["a\0b", "\0\0", "\uD800c"])).toBe("a\uFFFDb\uFFFD\uFFFD\uFFFDc");
});

test("of a flood the beginning is shown and the rest is not looked at", async () => {
  const piece = "\0".repeat(64 * 1024);
  let looks = 0;
  const flood = Array.from({ length: 1_000 }, () => ({
    length: piece.length,
    slice: (start: number, end: number) => {
      looks += 1;
      return piece.slice(start, end);
    },
    replaceAll: (from: string, to: string) => {
      looks += 1;
      return piece.replaceAll(from, to);
    },
  }));
  const shown = await show(flood as unknown as string[]);
  expect(shown).toMatch(/^\uFFFD{1048576}\n\[More output follows\. /);
  expect(looks).toBe(16);
});
