import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diffFile } from "@/lib/workspaces/agent/diff";

test("diffs are accepted by git and give the new file", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-diff-"));
  let seed = 7;
  const random = (limit: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % limit;
  };
  try {
    for (let round = 0; round < 40; round += 1) {
      const line = () => `line ${random(6)}`;
      const before = Array.from({ length: random(30) }, line);
      const after = before.flatMap((text) => [[text], [], [text, line()], [line()]][random(8)] ?? [text]);
      const ends = () => (random(4) === 0 ? "" : "\n");
      const text = (lines: string[]) => (lines.length > 0 ? lines.join("\n") + ends() : "");
      const [old, fresh] = [text(before), text(after)];
      const { diff } = diffFile("f", old, fresh);
      writeFileSync(join(folder, "f"), old);
      if (diff) execFileSync("git", ["apply", "--unidiff-zero", "-"], { cwd: folder, input: diff });
      if (diff && fresh) expect(readFileSync(join(folder, "f"), "utf8")).toBe(fresh);
      if (!diff) expect(old).toBe(fresh);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
