import { expect, test } from "vitest";
import { createTestWorkspaces } from "../support/workspaces";

const workspaces = await createTestWorkspaces();
const plainFolder = await workspaces.open();
const repository = await workspaces.open();

type Arguments = Record<string, unknown>;
const list = (args: Arguments, workspaceId = repository) => workspaces.call(workspaceId, "list_files", args);
const search = (args: Arguments, workspaceId = repository) => workspaces.call(workspaceId, "search_files", args);
const sh = async (command: string, workspaceId: string) => {
  const { result } = await workspaces.call(workspaceId, "execute", { command });
  expect(result).toMatchObject({ exit_code: 0 });
};

const FILES = `mkdir -p src/deep node_modules/x build
echo 'export const answer = 42;' > src/answer.ts; echo 'const ANSWER = 1; // ü' > 'src/deep/ü b.js'
echo 'answer in a module' > node_modules/x/index.js; echo 'answer of a build' > build/out.js; printf 'answer\\000' > image.png`;
await sh(FILES, plainFolder);
await sh(`${FILES}; git init -q; printf 'build/\\nnode_modules/\\n' > .gitignore; git add src/answer.ts`, repository);

test("files are listed as a repository knows them: tracked and new ones, without what is ignored", async () => {
  expect((await list({})).result.files).toEqual([".gitignore", "image.png", "src/answer.ts", "src/deep/ü b.js"]);
});

test("without a repository everything is listed but modules", async () => {
  const { result } = await list({}, plainFolder);
  expect(result.files).toEqual(["build/out.js", "image.png", "src/answer.ts", "src/deep/ü b.js"]);
});

test("a folder and a pattern narrow the list, and what is left out is counted", async () => {
  expect((await list({ pattern: "*.js" })).result.files).toEqual(["src/deep/ü b.js"]);
  expect((await list({ path: "src", pattern: "src/*.ts" })).result.files).toEqual(["src/answer.ts"]);
  expect((await list({ limit: 1 })).result).toMatchObject({ total: 4, note: expect.stringContaining("1 of 4") });
  expect((await list({ path: "missing" })).is_error).toBe(false);
  expect((await list({ path: "missing" }, plainFolder)).result.error).toContain("does not exist");
});

test("lines are found by a regular expression, in text files only", async () => {
  const { result } = await search({ pattern: "answer = [0-9]+" });
  expect(result).toEqual({ matches: "src/answer.ts:1:export const answer = 42;", count: 1 });
  const any = await search({ pattern: "answer", ignore_case: true });
  expect(any.result.count).toBe(2);
  expect((await search({ pattern: "answer", ignore_case: true, glob: "*.js" })).result.matches).toContain("ü b.js:1:");
  expect((await search({ pattern: "answer", path: "src/deep" })).result).toEqual({ matches: "", count: 0 });
});

test("a folder that is no repository is searched too", async () => {
  const { result } = await search({ pattern: "answer" }, plainFolder);
  expect(result.matches).toContain("build/out.js:1:answer of a build");
});

test("what cannot be searched is explained", async () => {
  expect((await search({ pattern: "(" })).result.error).toContain("POSIX extended");
  expect((await search({ pattern: "a\nb" })).result.error).toContain("one line");
  for (const path of ["/etc", "..", "../etc/passwd"]) {
    expect((await search({ pattern: "root", path })).result.error).toContain("outside the workspace");
    expect((await list({ path })).result.error).toContain("outside the workspace");
  }
});

test("options, magic and commands in arguments stay text", async () => {
  const before = await list({});
  for (const text of ["--open-files-in-pager=touch pwned", "-O", "$(touch pwned)", ":(top)src", "--output=pwned"]) {
    await search({ pattern: text });
    await search({ pattern: "answer", path: text });
    await search({ pattern: "answer", glob: text });
    await list({ path: text });
    await list({ pattern: text });
  }
  expect((await list({})).result).toEqual(before.result);
});

test("a repository's configuration starts no program", async () => {
  await sh("printf '#!/bin/sh\\ntouch /workspace/pwned' > /tmp/run; chmod +x /tmp/run", repository);
  await sh(
    "git config core.fsmonitor /tmp/run; git config core.pager /tmp/run; git config diff.x.textconv /tmp/run",
    repository,
  );
  await sh("echo '*.ts diff=x' > .gitattributes", repository);
  await search({ pattern: "answer" });
  expect((await list({})).result.files).not.toContain("pwned");
});

test("long results are bounded and say so", async () => {
  await sh(
    "for i in $(seq 1 300); do echo answer $i; done > many.txt; yes answer | head -c 3000 | tr -d '\\n' > wide.txt",
    plainFolder,
  );
  const { result } = await search({ pattern: "answer", path: "many.txt" }, plainFolder);
  expect(result).toMatchObject({ count: 300, note: expect.stringContaining("100 more") });
  const wide = await search({ pattern: "answer", path: "wide.txt" }, plainFolder);
  expect(wide.result.matches.length).toBeLessThan(400);
});
