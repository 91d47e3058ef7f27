/** What git prints, read: recorded from git 2.39. */
import { expect, test } from "vitest";
import { parseCounts } from "@/lib/workspaces/agent/git-changes";
import { pushRefusal } from "@/lib/workspaces/agent/git-commit";
import { parseStatus } from "@/lib/workspaces/agent/git-status";

const ID = "0123456789012345678901234567890123456789";

test("a status tells branch, upstream and every kind of path, with spaces and line ends in names", () => {
  const text = [
    `# branch.oid ${ID}`,
    "# branch.head slipway/ünï-🚀",
    "# branch.upstream origin/main",
    "# branch.ab +2 -1",
    `1 .M N... 100644 100644 100644 ${ID} ${ID} a b\nc`,
    `2 R. N... 100644 100644 100644 ${ID} ${ID} R100 new name`,
    "old name",
    `u UU N... 100644 100644 100644 100644 ${ID} ${ID} ${ID} in conflict`,
    "? -n",
    "? nested/",
    "",
  ].join("\0");
  expect(parseStatus(text)).toMatchObject({
    branch: "slipway/ünï-🚀",
    head: ID,
    upstream: "origin/main",
    ahead: 2,
    behind: 1,
    entries: [
      { path: "a b\nc", kind: "changed" },
      { path: "new name", kind: "changed" },
      { path: "in conflict", kind: "conflicted" },
      { path: "-n", kind: "untracked" },
    ],
    nested: ["nested"],
  });
  const fresh = parseStatus("# branch.oid (initial)\0# branch.head (detached)\0");
  expect(fresh).toMatchObject({ branch: null, head: null, upstream: null, ahead: null, entries: [] });
});

test("counts belong to their paths, renamed and binary ones too", () => {
  const text = [
    ":100644 100644 0000000 0000000 M",
    "a\tb",
    ":100644 100644 0000000 0000000 R090",
    "old",
    "new",
    ":000000 100644 0000000 0000000 A",
    "bin",
    "3\t1\ta\tb",
    "2\t0\t",
    "old",
    "new",
    "-\t-\tbin",
    "",
  ].join("\0");
  expect(parseCounts(text)).toEqual([
    { path: "a\tb", old_path: null, letter: "M", additions: 3, deletions: 1, binary: false },
    { path: "new", old_path: "old", letter: "R", additions: 2, deletions: 0, binary: false },
    { path: "bin", old_path: null, letter: "A", additions: null, deletions: null, binary: true },
  ]);
});

const refusal = (output: string, errors: string) => pushRefusal({ output, errors, exitCode: 1, isCut: false });

test.each([
  ["!\trefs/heads/a:refs/heads/a\t[remote rejected] (branches must begin with slipway/)", "", "begin with slipway/"],
  ["!\trefs/heads/a:refs/heads/a\t[rejected] (fetch first)", "hint: …", "commits that are not here"],
  ["!\trefs/heads/a:refs/heads/a\t[rejected] (non-fast-forward)", "", "commits that are not here"],
  ["!\ta:a\t[remote rejected] (pre-receive hook declined)", "remote: Secrets found.   \n", "declined Secrets found."],
  ["!\ta:a\t[remote rejected] (unpacker error)", "error: remote unpack failed: read-only\n", "error read-only"],
  ["", "fatal: unable to access 'http://x/': Could not resolve host", "The push failed: fatal: unable to access"],
])("a push that failed says why: %s", (output, errors, said) => {
  expect(refusal(output, errors)).toContain(said);
});
