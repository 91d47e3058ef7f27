import { expect, test } from "vitest";
import { createTestWorkspaces } from "../support/workspaces";

const workspaces = await createTestWorkspaces();
const workspaceId = await workspaces.open();
const call = (tool: Parameters<typeof workspaces.call>[1], args: Record<string, unknown>) =>
  workspaces.call(workspaceId, tool, args);
const sh = async (command: string) => (await call("execute", { command })).result.output as string;
const write = (path: string, content: string) => call("write_file", { path, content });
const bytesOf = async (path: string, maxBytes = 1_000) =>
  (await workspaces.connect(workspaceId)).readBytes({ path, maxBytes }, AbortSignal.timeout(10_000));
const errorOf = (outcome: { result: { error?: string }; is_error: boolean }) => {
  expect(outcome.is_error).toBe(true);
  return outcome.result.error ?? "";
};

test("a file is made with its directories, and its diff says so", async () => {
  const { result } = await write("a/b/new.txt", "one\ntwo\n");
  expect(result).toMatchObject({ path: "a/b/new.txt", created: true, additions: 2, deletions: 0 });
  expect(result.diff).toBe("--- /dev/null\n+++ b/a/b/new.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n");
  expect(await sh("cat a/b/new.txt; stat -c %a a/b/new.txt; ls -A a/b")).toBe("one\ntwo\n644\nnew.txt\n");
});

test("writing keeps an existing file's mode and follows a link inside", async () => {
  await sh("echo old > real.sh; chmod 755 real.sh; ln -s real.sh link.sh");
  const { result } = await write("link.sh", "new\n");
  expect(result).toMatchObject({ path: "real.sh", created: false, additions: 1, deletions: 1 });
  expect(await sh("stat -c %a real.sh; cat real.sh; readlink link.sh")).toBe("755\nnew\nreal.sh\n");
});

test("lines are read with numbers, from an offset, and what is left out is said", async () => {
  await sh("seq 1 3000 > numbers");
  const { result } = await call("read_file", { path: "numbers", offset: 10, limit: 2 });
  expect(result).toMatchObject({ content: "    10\t10\n    11\t11", start_line: 10, end_line: 11, total_lines: 3000 });
  expect(result.note).toContain("offset 12");
  const whole = await call("read_file", { path: "/workspace/numbers" });
  expect(whole.result).toMatchObject({ start_line: 1, end_line: 2000, total_lines: 3000 });
});

test("a page never exceeds 32 KiB", async () => {
  await sh("yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -1500 > wide");
  const { result } = await call("read_file", { path: "wide" });
  expect(Buffer.byteLength(result.content)).toBeLessThanOrEqual(32 * 1024);
  expect(result.note).toContain(`offset ${result.end_line + 1}`);
});

test("what cannot be read is explained", async () => {
  await sh("printf 'a\\000b' > binary; mkfifo pipe; mkdir folder; : > empty; ln -s nowhere dangling; echo x > one");
  expect(errorOf(await call("read_file", { path: "missing" }))).toContain("does not exist");
  expect(errorOf(await call("read_file", { path: "binary" }))).toContain("binary");
  expect(errorOf(await call("read_file", { path: "pipe" }))).toContain("not a regular file");
  expect(errorOf(await call("read_file", { path: "folder" }))).toContain("directory");
  expect(errorOf(await call("read_file", { path: "dangling" }))).toContain("leads nowhere");
  expect(errorOf(await call("read_file", { path: "one", offset: 5 }))).toContain("has 1 lines");
  expect((await call("read_file", { path: "empty" })).result).toMatchObject({ content: "", total_lines: 0 });
});

test("paths that leave the workspace are refused, by name and through links", async () => {
  await sh("ln -s /etc out; ln -s /etc/passwd passwd; mkdir -p in; ln -s ../../../etc in/up; ln -s /proc/self proc");
  const outside = [
    "/etc/passwd",
    "../etc/passwd",
    "a/../../etc/passwd",
    "passwd",
    "out/passwd",
    "in/up/passwd",
    "proc/environ",
    "/proc/self/environ",
    "/workspace/../etc/passwd",
    "/workspacex",
    "/dev/zero",
    "/run/slipway/agent.cjs",
  ];
  for (const path of outside) {
    expect(errorOf(await call("read_file", { path })), path).toContain("outside the workspace");
    expect(errorOf(await write(path, "x")), path).toContain("outside the workspace");
    const edit = { path, old_text: "root", new_text: "toor" };
    expect(errorOf(await call("edit_files", { edits: [edit] })), path).toContain("outside the workspace");
    expect(await bytesOf(path), path).toMatchObject({ problem: expect.stringContaining("outside the workspace") });
  }
  expect(errorOf(await call("read_file", { path: "a\0b" }))).toContain("not a path");
  expect(errorOf(await write("x".repeat(5_000), "x"))).toContain("not a path");
});

test("the bytes of a file are read as they are, up to a bound, and what is no file is refused", async () => {
  await sh(
    "printf 'a\\000\\377b' > raw; head -c 1000 /dev/zero > full; head -c 1001 /dev/zero > over; truncate -s 8G huge",
  );
  await sh("mkfifo fifo; mkdir -p dir; : > nothing; ln -s raw inner");
  expect(await bytesOf("raw")).toEqual({ bytes: Buffer.from([0x61, 0, 0xff, 0x62]) });
  expect(await bytesOf("inner")).toEqual({ bytes: Buffer.from([0x61, 0, 0xff, 0x62]) });
  expect(await bytesOf("nothing")).toEqual({ bytes: Buffer.alloc(0) });
  expect(await bytesOf("full")).toEqual({ bytes: Buffer.alloc(1_000) });
  for (const [path, words] of [
    ["over", "more than the 1000"],
    ["huge", "more than the 1000"],
    ["gone", "does not exist"],
    ["dir", "directory"],
    ["fifo", "not a regular file"],
    ["", "not a path"],
  ] as const) {
    expect(await bytesOf(path), path).toEqual({ problem: expect.stringContaining(words) });
  }
  // The same socket answers the next question.
  expect(await sh("echo well")).toBe("well\n");
});

test("edits apply to several files and return a diff for each", async () => {
  await write("e1", "alpha\nbeta\ngamma\n");
  await write("e2", "x = 1;\nx = 1;\n");
  const edits = [
    { path: "e1", old_text: "beta", new_text: "BETA" },
    { path: "e1", old_text: "gamma", new_text: "GAMMA" },
    { path: "e2", old_text: "x = 1;", new_text: "x = 2;", replace_all: true },
  ];
  const { result } = await call("edit_files", { edits: JSON.stringify(edits) });
  expect(result.files).toEqual([
    expect.objectContaining({ path: "e1", additions: 2, deletions: 2 }),
    expect.objectContaining({ path: "e2", additions: 2, deletions: 2 }),
  ]);
  expect(result.files[0].diff).toContain("-beta\n-gamma\n+BETA\n+GAMMA\n");
  expect(await sh("cat e1 e2")).toBe("alpha\nBETA\nGAMMA\nx = 2;\nx = 2;\n");
});

test("one bad edit applies nothing", async () => {
  await write("n1", "keep\n");
  await write("n2", "twice twice\n");
  const first = { path: "n1", old_text: "keep", new_text: "changed" };
  const bad: [Record<string, unknown>, string][] = [
    [{ path: "n2", old_text: "twice", new_text: "x" }, "occurs 2 times"],
    [{ path: "n2", old_text: "absent", new_text: "x" }, "was not found"],
    [{ path: "n2", old_text: "twice", new_text: "twice" }, "are the same"],
    [{ path: "n2", old_text: "", new_text: "x" }, "is empty"],
    [{ path: "nowhere", old_text: "a", new_text: "b" }, "does not exist"],
  ];
  for (const [edit, words] of bad) {
    const error = errorOf(await call("edit_files", { edits: [first, edit] }));
    expect(error).toContain(words);
    expect(error).toContain("Nothing was applied.");
  }
  expect(await sh("cat n1 n2; ls -A | grep slipway- || true")).toBe("keep\ntwice twice\n");
});

test("an edit tolerates other whitespace when the place is unique, and follows the file's indentation", async () => {
  await write("t.js", "function f() {\n\tif (a) {   \n\t\tb();\n\t}\n}\n");
  const edit = { path: "t.js", old_text: "  if (a) {\n    b();\n  }", new_text: "  if (c) {\n    d();\n  }" };
  const { is_error } = await call("edit_files", { edits: [edit] });
  expect(is_error).toBe(false);
  expect(await sh("cat t.js")).toBe("function f() {\n\tif (c) {\n\t  d();\n\t}\n}\n");
});

test("a file of carriage returns keeps them", async () => {
  await write("crlf", "one\r\ntwo\r\nthree\r\n");
  await call("edit_files", { edits: [{ path: "crlf", old_text: "one\ntwo", new_text: "one\n2" }] });
  expect(await sh("od -c crlf | head -1")).toContain("o   n   e  \\r  \\n   2  \\r  \\n");
});

test("a link swapped in while files are written never leads outside", async () => {
  await sh("mkdir -p race/real /tmp/outside; ln -s /tmp/outside race/evil");
  const swap =
    "i=0; while [ $i -lt 400 ]; do mv -T race/real race/d 2>/dev/null; mv -T race/d race/real; ln -sfn /tmp/outside race/d; rm race/d; i=$((i+1)); done";
  const swapping = call("execute", { command: swap, timeout: "60s" });
  for (let index = 0; index < 200; index += 1) await write("race/d/file", "x");
  await swapping;
  expect(await sh("ls -A /tmp/outside")).toBe("");
});
