/** What the server does in a workspace's repositories: seen, committed, pushed, kept and put back, in real sandboxes. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ChangesResult, CommitArguments } from "@/lib/contract/workspace-agent";
import { systemNetwork } from "@/lib/network-address";
import { createRepository, startGitServer } from "../support/git-server";
import { createTestWorkspaces } from "../support/workspaces";

const server = await startGitServer();
createRepository(join(server.folder, "app.git"), { "readme.md": "Hello.\n", "old name.txt": "one\ntwo\nthree\n" });
const workspaces = await createTestWorkspaces({
  network: {
    resolve: async (host) => (host === "git.example.com" ? ["93.184.215.14"] : systemNetwork.resolve(host)),
    dial: (address, port) =>
      address === "93.184.215.14" ? { host: "127.0.0.1", port: server.port } : { host: address, port },
  },
});
const repository = "http://git.example.com/acme/app.git";
const open = () => workspaces.open({ ownerId: workspaces.adminId, repository });
const sh = async (workspaceId: string, command: string): Promise<string> => {
  const { result } = await workspaces.call(workspaceId, "execute", { command, timeout: "20s" });
  expect(result.exit_code, result.output).toBe(0);
  return result.output;
};
const changes = async (workspaceId: string, known = {}): Promise<ChangesResult["repositories"]> =>
  (await workspaces.call(workspaceId, "git_changes", { known })).result.repositories;
const treeOf = async (workspaceId: string) => (await changes(workspaceId))[0]!.tree!;
const author = { name: "Ada Lovelace", email: "ada@example.com" };
const commit = (workspaceId: string, args: Partial<CommitArguments> = {}) =>
  workspaces.call(workspaceId, "git_commit", { message: "Work", author, branch: "slipway/lamp", rules: {}, ...args });
const push = (workspaceId: string, args = {}) =>
  workspaces.call(workspaceId, "git_push", { branch: "slipway/lamp", rules: {}, ...args });

test("every kind of change is told with its lines, under hostile names, and the index is left alone", async () => {
  const workspaceId = await open();
  const [clean] = await changes(workspaceId);
  expect(clean!.tree).toMatchObject({
    root: "/workspace",
    branch: "main",
    upstream: "origin/main",
    ahead: 0,
    behind: 0,
    remote_origin: repository,
    files: [],
    unified_diff: "",
    removed: false,
    error: null,
  });
  expect((await changes(workspaceId, { "/workspace": clean!.fingerprint }))[0]!.tree).toBeNull();
  await sh(
    workspaceId,
    `git mv 'old name.txt' new.txt; echo Bye >> readme.md; git config core.fsmonitor 'touch /tmp/ran';
     mkdir -p 'a dir/🚀'; echo hi > 'a dir/🚀/-n.txt'; printf 'x\\ty' > "$(printf 'tab\\tname')"; printf '\\0\\1' > bin; ln -s /etc/passwd link
     echo ignored > .gitignore; echo no > ignored; mkdir nested; cd nested; git init -q; echo deep > deep.txt`,
  );
  const seen = await changes(workspaceId);
  expect(seen.map(({ root }) => root)).toEqual(["/workspace", "/workspace/nested"]);
  const tree = seen[0]!.tree!;
  expect(tree.files.map(({ path, change, additions, binary }) => [path, change, additions, binary])).toEqual([
    [".gitignore", "untracked", 1, false],
    ["a dir/🚀/-n.txt", "untracked", 1, false],
    ["bin", "untracked", null, true],
    ["link", "untracked", 1, false],
    ["new.txt", "renamed", 0, false],
    ["readme.md", "modified", 1, false],
    ["tab\tname", "untracked", 1, false],
  ]);
  expect(tree.files.find(({ path }) => path === "new.txt")!.old_path).toBe("old name.txt");
  expect(tree.unified_diff).toContain("diff --git a/a dir/🚀/-n.txt b/a dir/🚀/-n.txt");
  expect(tree.unified_diff).toContain("rename from old name.txt");
  expect(seen[1]!.tree).toMatchObject({ branch: "main", head: null, file_count: 1 });
  expect(await sh(workspaceId, "git status --short | head -3; ls /tmp/ran 2>&1 || true")).toContain("?? .gitignore");
});

test("a diff beyond 4 MiB ends after a whole file, and the list of files is whole", async () => {
  const workspaceId = await open();
  await sh(
    workspaceId,
    "for n in 1 2 3 4 5 6; do yes line$n | head -c 1000000 > f$n; done; head -c 9000000 /dev/zero | tr '\\0' a > huge",
  );
  const tree = await treeOf(workspaceId);
  expect([tree.truncated, tree.files.length]).toEqual([true, 7]);
  expect(Buffer.byteLength(tree.unified_diff)).toBeLessThan(4 * 1024 * 1024);
  expect(tree.unified_diff.match(/^diff --git/gm)).toHaveLength(3);
  expect(tree.files.find(({ path }) => path === "huge")).toMatchObject({ binary: true });
});

test("a commit goes to a branch of its own, by its author, and a push of it reaches the host", async () => {
  const workspaceId = await open();
  expect((await commit(workspaceId)).result.error).toContain("nothing to commit");
  await sh(workspaceId, "echo a > -a; echo b > 'b c'; mkdir nested; git -C nested init -q; echo x > nested/x");
  const message = `# Not a comment\n\n-m ${"x".repeat(1_000)} 🚀`;
  const made = await commit(workspaceId, { message });
  expect(made.result).toMatchObject({ root: "/workspace", branch: "slipway/lamp", isBranchNew: true, changedFiles: 2 });
  expect(await sh(workspaceId, "git log -1 --format='%an %ae %cn%n%B'; git status --short")).toBe(
    `Ada Lovelace ada@example.com Ada Lovelace\n${message}\n\n?? nested/\n`,
  );
  const pushed = await push(workspaceId);
  expect(pushed.result).toMatchObject({ branch: "slipway/lamp", origin: repository, isUpToDate: false });
  expect((await push(workspaceId)).result).toMatchObject({ isUpToDate: true });
  expect(await treeOf(workspaceId)).toMatchObject({
    branch: "slipway/lamp",
    upstream: "origin/slipway/lamp",
    ahead: 0,
  });
  const refs = execFileSync("git", ["-C", join(server.folder, "app.git"), "for-each-ref", "--format=%(refname)"]);
  expect(refs.toString()).toContain("refs/heads/slipway/lamp");
});

test("a push that is refused says why, and a second workspace takes the next free name", async () => {
  const workspaceId = await open();
  await sh(workspaceId, "echo a > a");
  expect((await commit(workspaceId, { branch: "slipway/lamp" })).result.branch).toBe("slipway/lamp-2");
  await sh(workspaceId, "git switch -q -c elsewhere");
  const refused = await push(workspaceId, { rules: { branch_prefix: "" } });
  expect([refused.is_error, refused.result.error]).toEqual([
    true,
    "The push was refused: branches must begin with slipway/, for example: git push origin HEAD:slipway/elsewhere",
  ]);
  await sh(workspaceId, "git switch -q slipway/lamp-2; git branch -m slipway/lamp");
  expect((await push(workspaceId)).result.error).toContain("has commits that are not here");
  await sh(
    workspaceId,
    "printf '#!/bin/sh\\necho the linter says no >&2; exit 1' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit; echo b > b",
  );
  expect((await commit(workspaceId)).result.error).toContain("the linter says no");
});

test("files in conflict are named and not committed", async () => {
  const workspaceId = await open();
  await sh(
    workspaceId,
    `git config user.email a@b; git config user.name a; git switch -q -c slipway/x; echo mine > readme.md; git commit -qam mine
     git switch -q main; echo theirs > readme.md; git commit -qam theirs; git switch -q slipway/x; git merge main || true`,
  );
  expect((await treeOf(workspaceId)).files).toMatchObject([{ path: "readme.md", change: "conflicted" }]);
  expect((await commit(workspaceId)).result.error).toContain("conflicts: readme.md");
});

test("snapshots put files back to the byte, keep ignored ones, and can themselves be taken back", async () => {
  const workspaceId = await open();
  const take = async (key: string, previous: string | null = null) =>
    (await workspaces.call(workspaceId, "take_snapshot", { chatId: "c", key, previous })).result.commitId;
  await sh(
    workspaceId,
    "printf 'a\\r\\nb' > crlf.txt; echo '*.txt text eol=lf' > .gitattributes; echo kept > ignored; echo ignored > .gitignore",
  );
  const first = await take("1");
  expect(await take("2", first)).toBeNull();
  await sh(
    workspaceId,
    "rm readme.md; echo changed > crlf.txt; mkdir -p new/deep; echo x > new/deep/file; chmod +x .gitignore; echo later > ignored",
  );
  const second = await take("2", first);
  expect(second).toMatch(/^[0-9a-f]{40}$/);
  const callId = "rewind/c/1";
  const restore = (commitId: string, options = {}) =>
    workspaces.call(workspaceId, "restore_snapshot", { chatId: "c", key: "before-1", commitId }, options);
  const restored = await restore(first, { callId });
  expect(restored.result).toMatchObject({ isChanged: true });
  expect(
    await sh(
      workspaceId,
      "cat readme.md; od -c crlf.txt | head -1; cat ignored; ls new 2>&1 || true; ls -l .gitignore | cut -c1-10",
    ),
  ).toBe("Hello.\n0000000   a  \\r  \\n   b\nlater\nls: cannot access 'new': No such file or directory\n-rw-r--r--\n");
  await sh(workspaceId, "echo since > since");
  // The same one again, as after a crash: known, and not done twice.
  expect((await restore(first, { callId })).result).toEqual(restored.result);
  expect(await sh(workspaceId, "cat since")).toBe("since\n");
  await restore(restored.result.beforeCommitId);
  expect(await sh(workspaceId, "cat new/deep/file crlf.txt; ls since 2>&1 || true")).toContain("x\nchanged\n");
  const dropped = await workspaces.call(workspaceId, "drop_snapshots", { keptChats: [], dropped: [] });
  expect(dropped.result.dropped).toBeGreaterThan(2);
  expect((await restore(first)).result.error).toContain("is gone");
});

test("a snapshot holds the files of repositories inside the workspace, whatever state they are in", async () => {
  const workspaceId = await open();
  const take = async (key: string, previous: string | null = null) =>
    (await workspaces.call(workspaceId, "take_snapshot", { chatId: "n", key, previous })).result.commitId;
  const commit = "git -c user.name=A -c user.email=a@example.com commit -qm x";
  await sh(
    workspaceId,
    `mkdir 'a b' gone; git init -q 'a b'; git init -q empty; git init -q gone; cd 'a b'; echo no > .gitignore; echo 1 > f; echo 1 > no; git add f; ${commit}; mkdir deep; echo d > deep/d; cd ../gone; echo 1 > g; git add g; ${commit}; rm g`,
  );
  const first = await take("1");
  await sh(
    workspaceId,
    "echo 2 > 'a b/f'; rm -r 'a b/deep'; echo new > 'a b/new'; echo 2 > 'a b/no'; echo e > empty/e",
  );
  expect(await take("2", first)).toMatch(/^[0-9a-f]{40}$/);
  await workspaces.call(workspaceId, "restore_snapshot", { chatId: "n", key: "before", commitId: first });
  expect(await sh(workspaceId, "cd 'a b'; cat f deep/d no; ls; ls ../empty ../gone; git log --format=%s")).toBe(
    "1\nd\n2\ndeep\nf\nno\n../empty:\n\n../gone:\nx\n",
  );
});

test("a file that changes within the second of its index, and keeps its size, is seen", async () => {
  const workspaceId = await open();
  await sh(
    workspaceId,
    `git config core.trustctime false; echo 1 > f; touch -d 2026-01-01 f; git add f; git -c user.name=A -c user.email=a@b.c commit -qm x
     touch -d 2026-01-01 .git/index; echo 2 > f; touch -d 2026-01-01 f; echo new > new`,
  );
  const [seen] = await changes(workspaceId);
  expect(seen?.tree?.files.map(({ path }) => path)).toEqual(["f", "new"]);
});

test("submodules are looked at like repositories, and their files go back with the others, at any depth", async () => {
  const workspaceId = await open();
  const as = "git -c user.name=A -c user.email=a@example.com -c protocol.file.allow=always";
  await sh(
    workspaceId,
    `cd /tmp; for name in leaf lib; do git init -q $name; echo 1 > $name/f; git -C $name add f; ${as} -C $name commit -qm x; done
     ${as} -C lib submodule --quiet add /tmp/leaf deep/leaf; ${as} -C lib commit -qam leaf
     cd /workspace; ${as} submodule --quiet add /tmp/lib 'libs/the lib'; ${as} commit -qam lib
     ${as} submodule --quiet update --init --recursive`,
  );
  const look = async () =>
    (await changes(workspaceId)).map(({ root, tree }) => [root, tree?.file_count, tree?.is_published]);
  const roots = ["/workspace", "/workspace/libs/the lib", "/workspace/libs/the lib/deep/leaf"];
  expect(await look()).toEqual(roots.map((root, index) => [root, 0, index > 0]));
  const take = async (key: string) =>
    (await workspaces.call(workspaceId, "take_snapshot", { chatId: "s", key, previous: null })).result.commitId;
  const first = await take("1");
  const change = "cd 'libs/the lib'; echo 22 > f; echo new > new; cd deep/leaf; rm f; echo x > x";
  await sh(workspaceId, `${change}; ${as} add -A; ${as} commit -qm more`);
  await expect.poll(look).toEqual([
    [roots[0], 0, false],
    [roots[1], 3, true],
    [roots[2], 0, false],
  ]);
  await workspaces.call(workspaceId, "restore_snapshot", { chatId: "s", key: "before", commitId: first });
  expect(
    await sh(workspaceId, "cd 'libs/the lib'; cat f deep/leaf/f; ls . deep/leaf; git rev-parse --is-inside-work-tree"),
  ).toBe("1\n1\n.:\ndeep\nf\n\ndeep/leaf:\nf\ntrue\n");
});
