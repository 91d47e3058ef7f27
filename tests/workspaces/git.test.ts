import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemNetwork } from "@/lib/network-address";
import { createStaticCredentials } from "@/lib/workspaces/credentials";
import { createRepository, startGitServer } from "../support/git-server";
import { createTestWorkspaces, until } from "../support/workspaces";

const TOKEN = "canary-token-7d1e";
const git = await startGitServer({ password: TOKEN });
createRepository(join(git.folder, "app.git"), { "readme.md": "Hello.\n" });
createRepository(join(git.folder, "secret.git"), { "secret.md": "Not yours.\n" });
const origin = "http://git.example.com";
const pushes: { workspaceId: string; branch: string; origin: string }[] = [];
const workspaces = await createTestWorkspaces({
  credentials: createStaticCredentials([{ pattern: /http:\/\/git\.example\.com\/acme\//, token: TOKEN }]),
  onPush: async (workspaceId, pushed) => {
    pushes.push({ workspaceId, ...pushed });
  },
  // A public name in front of the git server on loopback.
  network: {
    resolve: async (host) => (host === "git.example.com" ? ["93.184.215.14"] : systemNetwork.resolve(host)),
    dial: (address, port) =>
      address === "93.184.215.14" ? { host: "127.0.0.1", port: git.port } : { host: address, port },
  },
});
const repository = `${origin}/acme/app.git`;
const openAsAdmin = (address: string, branch?: string) =>
  workspaces.open({ ownerId: workspaces.adminId, repository: address, ...(branch ? { branch } : {}) });
const sh = async (workspaceId: string, command: string) => {
  const { result } = await workspaces.call(workspaceId, "execute", { command, timeout: "20s" });
  return result as { output: string; exit_code: number };
};
const errorOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => new Error("it worked"),
    (cause: Error) => cause,
  );
  return error.message;
};

test("a private repository is cloned while the token stays outside", async () => {
  const workspaceId = await openAsAdmin(repository);
  expect((await sh(workspaceId, "cat readme.md; git branch --show-current; git status --short")).output).toBe(
    "Hello.\nmain\n",
  );
  expect(git.seen).toContain(`Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString("base64")}`);
  const { output } = await sh(
    workspaceId,
    `printf 'protocol=http\\nhost=git.example.com\\n\\n' | git credential fill 2>&1; git config --list; env; GIT_TRACE_CURL=1 GIT_TRACE=1 git fetch 2>&1; grep -r ${TOKEN.slice(0, 9)} / -s -l --exclude-dir=proc; cat /proc/*/environ | tr '\\0' '\\n'`,
  );
  expect(output).not.toContain(TOKEN);
  expect(output).not.toContain(Buffer.from(`x-access-token:${TOKEN}`).toString("base64"));
  expect((await sh(workspaceId, "git config remote.origin.url")).output.trim()).toBe(repository);
});

test("a branch is checked out, and one that does not exist fails the build with git's words", async () => {
  const workspaceId = await openAsAdmin(repository, "other");
  expect((await sh(workspaceId, "git branch --show-current")).output).toBe("other\n");
  expect(await errorOf(openAsAdmin(repository, "missing"))).toContain("Remote branch missing not found");
});

test("only the workspace's own repository is served", async () => {
  const workspaceId = await openAsAdmin(repository);
  const before = git.seen.length;
  const base = "http://127.0.0.1:42129/git.example.com/acme";
  for (const address of [
    `${base}/secret.git`,
    `${base}/app/../secret.git`,
    `${base}/app2`,
    `${base}/app.git/../secret.git`,
  ]) {
    const { output, exit_code } = await sh(workspaceId, `git ls-remote '${address}' 2>&1`);
    expect(exit_code, address).not.toBe(0);
    expect(output, address).not.toContain("refs/heads");
  }
  expect(
    (await sh(workspaceId, `curl -s -o /dev/null -w '%{http_code}' ${base}/app.git/objects/info/packs`)).output,
  ).toBe("404");
  expect(git.seen.length).toBe(before);
});

const COMMIT =
  "git config user.email a@b; git config user.name a; echo $RANDOM >> change; git add -A; git commit -qm change;";
const push = (workspaceId: string, command: string) => sh(workspaceId, `${COMMIT} ${command} 2>&1`);
const refsOf = () =>
  execFileSync("git", ["-C", join(git.folder, "app.git"), "for-each-ref", "--format=%(refname)"]).toString();

test("a push of an agent's branch reaches the host, and its branch and remote are told", async () => {
  const workspaceId = await openAsAdmin(repository);
  pushes.length = 0;
  const big = "head -c 3000000 /dev/urandom > big; git add big; git commit -qm big;";
  const { output, exit_code } = await push(workspaceId, `${big} git push origin HEAD:refs/heads/slipway/fix`);
  expect([exit_code, output]).toEqual([0, expect.stringContaining("slipway/fix")]);
  expect(refsOf()).toContain("refs/heads/slipway/fix");
  await until(() => pushes.length === 1, "the push is told");
  expect(pushes).toEqual([{ workspaceId, branch: "slipway/fix", origin: repository }]);
  const forced = await push(workspaceId, "git commit -q --amend -m other; git push --force origin HEAD:slipway/fix");
  expect(forced.exit_code, forced.output).toBe(0);
  const odd = await push(workspaceId, "git push origin 'HEAD:refs/heads/slipway/ünï-🚀'");
  expect(odd.exit_code, odd.output).toBe(0);
  await until(() => pushes.at(-1)?.branch === "slipway/ünï-🚀", "an odd name is told as it is");
});

/** One workspace for all of them: nothing of them goes through. */
let refusing: Promise<string> | undefined;

test.each([
  ["another branch", "git push origin HEAD:refs/heads/feature", "branches must begin with slipway/"],
  ["the default branch", "git push origin HEAD:main", "main is the default branch"],
  ["a tag", "git tag v1; git push origin v1", "pushing tags is not allowed"],
  ["a deletion", "git push origin :other", "deleting refs is not allowed"],
  ["another kind of ref", "git push origin HEAD:refs/pull/1/head", "only branches may be pushed"],
  [
    "one good ref beside a bad one",
    "git push origin HEAD:slipway/half HEAD:feature",
    "another ref of this push was refused",
  ],
])("a push of %s is refused with the reason, and nothing of it arrives", async (_name, command, words) => {
  refusing ??= openAsAdmin(repository);
  const workspaceId = await refusing;
  const before = refsOf();
  const { output, exit_code } = await push(workspaceId, command);
  expect(exit_code).not.toBe(0);
  expect(output).toContain("[remote rejected]");
  expect(output).toContain(words);
  expect(refsOf()).toBe(before);
});

test("what the host refuses is shown in its words and is told to nobody", async () => {
  const workspaceId = await openAsAdmin(repository);
  await push(workspaceId, "git push origin HEAD:slipway/race");
  pushes.length = 0;
  const { exit_code, output } = await push(
    workspaceId,
    "git reset -q --hard origin/main; echo y > y; git add y; git commit -qm y; git push origin HEAD:slipway/race",
  );
  expect([exit_code, output]).toEqual([1, expect.stringContaining("rejected")]);
  expect(pushes).toEqual([]);
});

test("a template may allow more", async () => {
  const templateId = await workspaces.insertTemplate({
    repository,
    push: { branch_prefix: "", allow_tags: true, allow_deletes: true },
  });
  const workspaceId = await workspaces.open({ templateId, ownerId: workspaces.adminId });
  const free = await push(workspaceId, "git tag v9; git push origin HEAD:free v9 && git push origin :free");
  expect(free.exit_code, free.output).toBe(0);
  expect((await push(workspaceId, "git push origin HEAD:main")).output).toContain("main is the default branch");
});

test("a push is held to the template's rules as they are now, without a restart of the workspace", async () => {
  const templateId = await workspaces.insertTemplate({ repository, push: { branch_prefix: "bots/" } });
  const workspaceId = await workspaces.open({ templateId, ownerId: workspaces.adminId });
  const toTeam = "git push origin HEAD:team/change";
  expect((await push(workspaceId, toTeam)).output).toContain("branches must begin with bots/");
  const config = JSON.stringify({ repository, push: { branch_prefix: "team/" } });
  await workspaces.sql`UPDATE templates SET config = ${config}::text::jsonb WHERE id = ${templateId}`;
  const taken = await push(workspaceId, toTeam);
  expect(taken.exit_code, taken.output).toBe(0);
  expect((await push(workspaceId, "git push origin HEAD:bots/change")).output).toContain("must begin with team/");
});

test("shallow and partial clones, and a deeper fetch, go through", async () => {
  const workspaceId = await openAsAdmin(repository);
  const { output, exit_code } = await sh(
    workspaceId,
    `cd /tmp; git clone -q --depth 1 ${repository} a && git -C a fetch -q --unshallow; git clone -q --filter=blob:none ${repository} b && git -c protocol.version=0 clone -q ${repository} c && ls a b c 2>&1`,
  );
  expect([exit_code, output]).toEqual([0, expect.stringContaining("readme.md")]);
});

test("a member may not name a path of the server, http, or an address with a password", async () => {
  for (const address of [
    "file:///etc",
    "http://git.example.com/acme/app.git",
    "https://a:b@example.com/x",
    "ssh://git:secret@example.com/x",
    "git@localhost:",
    "/etc",
  ]) {
    await expect(workspaces.open({ repository: address }), address).rejects.toMatchObject({ code: "unprocessable" });
  }
});

test("a private address is refused to a member, whatever its name", async () => {
  expect(await errorOf(workspaces.open({ repository: "https://127.0.0.1:8443/acme/app.git" }))).toContain(
    "private address",
  );
  expect(await errorOf(workspaces.open({ repository: "https://localhost/acme/app.git" }))).toContain("private address");
});

test("a repository of this machine is cloned from a read-only bind, also for a member when the template names it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bare-"));
  createRepository(join(folder, "lib.git"), { "lib.js": "export {};\n" });
  const address = `file://${folder}/lib.git`;
  const templateId = await workspaces.insertTemplate({
    repository: address,
    setup_script: "echo ready > setup.txt; echo said",
  });
  const workspaceId = await workspaces.open({ templateId });
  expect((await sh(workspaceId, "cat lib.js setup.txt; git log --format=%s; git fetch && echo fetched")).output).toBe(
    "export {};\nready\nBegin\nfetched\n",
  );
  expect((await sh(workspaceId, `touch /run/slipway/origin/x; ls ${folder}`)).exit_code).not.toBe(0);
  const [row] = await workspaces.sql`SELECT name FROM workspaces WHERE id = ${workspaceId}`;
  expect(row?.name).toMatch(/^lib-[0-9a-f]{4}$/);
  const lines = await workspaces.sql`
    SELECT l.stage, l.line FROM workspace_build_logs l JOIN workspace_builds b ON b.id = l.build_id
    WHERE b.workspace_id = ${workspaceId} ORDER BY l.seq`;
  expect(lines.map((line) => line.line)).toEqual(
    expect.arrayContaining([`Cloning ${address}`, "said", "The workspace is ready"]),
  );
});

test("a setup script that fails fails the build, and the clone is not done again", async () => {
  const templateId = await workspaces.insertTemplate({
    repository,
    setup_script: 'echo once >> ~/count; test "$(wc -l < ~/count)" -gt 1 || { echo broken >&2; exit 7; }',
  });
  const { workspaceId } = await workspaces.service.create({ ownerId: workspaces.ownerId, templateId });
  expect(await errorOf(workspaces.connect(workspaceId))).toContain("The setup script failed with exit code 7: broken");
  await until(async () => {
    const [row] = await workspaces.sql`SELECT status FROM workspace_builds WHERE workspace_id = ${workspaceId}`;
    return row?.status === "failed";
  }, "it failed");
  await workspaces.connect(workspaceId);
  expect((await sh(workspaceId, "cat ~/count readme.md")).output).toBe("once\nonce\nHello.\n");
});
