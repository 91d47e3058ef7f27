/** Git's protocols through the broker, against git's own server; the token stays outside in each of them. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemNetwork } from "@/lib/network-address";
import { createStaticCredentials } from "@/lib/workspaces/credentials";
import { createRepository, startGitServer } from "../support/git-server";
import { createLfsStore } from "../support/lfs-store";
import { createTestWorkspaces, until } from "../support/workspaces";

const TOKEN = "canary-token-3f9a";
const BASIC = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString("base64")}`;
const origin = "http://git.example.com";
const lfs = createLfsStore({ basic: BASIC, origin: "http://objects.example.com" });
const git = await startGitServer({ password: TOKEN, beside: lfs.serve });
createRepository(join(git.folder, "app.git"), { "readme.md": "Hello.\n" });
const pushes: { branch: string; origin: string }[] = [];
const names = new Set(["git.example.com", "objects.example.com"]);
const workspaces = await createTestWorkspaces({
  credentials: createStaticCredentials([{ pattern: /http:\/\/git\.example\.com\/acme\//, token: TOKEN }]),
  onPush: async (_workspaceId, pushed) => void pushes.push(pushed),
  webUrlOf: (remote) => (remote.includes("git.example.com") ? origin : undefined),
  network: {
    resolve: async (host) => (names.has(host) ? ["93.184.215.14"] : systemNetwork.resolve(host)),
    dial: (address, port) =>
      address === "93.184.215.14" ? { host: "127.0.0.1", port: git.port } : { host: address, port },
  },
});
const repository = `${origin}/acme/app.git`;
const open = (address: string) => workspaces.open({ ownerId: workspaces.adminId, repository: address });
const sh = async (workspaceId: string, command: string) => {
  const { result } = await workspaces.call(workspaceId, "execute", { command, timeout: "60s" });
  return result as { output: string; exit_code: number };
};
const IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.test"];
const onHost = (...args: string[]) =>
  execFileSync("git", ["-C", join(git.folder, "app.git"), ...IDENTITY, ...args]).toString();
const COMMIT = "git config user.email a@b; git config user.name a; git add -A; git commit -qm change;";

let shared: Promise<string> | undefined;
const openShared = () => {
  shared ??= open(repository);
  return shared;
};

test("a push of 12 MB asks first with an empty body, then goes in one stream, and arrives whole", async () => {
  const workspaceId = await openShared();
  git.requests.length = 0;
  const { output, exit_code } = await sh(
    workspaceId,
    `git checkout -qb large; head -c 12000000 /dev/urandom > big.bin; ${COMMIT} git push -q origin HEAD:slipway/large 2>&1; sha256sum big.bin | cut -c1-64`,
  );
  expect(exit_code, output).toBe(0);
  const posted = git.requests.filter(({ call }) => call === "POST /acme/app.git/git-receive-pack");
  expect(
    posted.map(({ body }) =>
      body
        .subarray(0, 8)
        .toString("latin1")
        .replace(/[^0-9a-f].*/s, ""),
    )[0],
  ).toBe("0000");
  expect(posted).toHaveLength(2);
  const arrived = execFileSync("sh", ["-c", "git show slipway/large:big.bin | sha256sum"], {
    cwd: join(git.folder, "app.git"),
  });
  expect(arrived.toString().slice(0, 64)).toBe(output.trim());
});

test("protocol v2 is spoken for a fetch, and a long negotiation goes zipped", async () => {
  const workspaceId = await openShared();
  git.requests.length = 0;
  const many =
    "git checkout -q --orphan away; for n in $(seq 120); do git commit -q --allow-empty -m $n; git branch b$n; done;";
  onHost("branch", "-f", "news", "main");
  const fetched = await sh(
    workspaceId,
    `git config user.email a@b; git config user.name a; ${many} git fetch -q origin 2>&1`,
  );
  expect(fetched.exit_code, fetched.output).toBe(0);
  const asked = git.requests.filter(({ call }) => call === "POST /acme/app.git/git-upload-pack");
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.every(({ protocol }) => protocol === "version=2")).toBe(true);
  const ancient = await sh(workspaceId, "git -c protocol.version=0 fetch -q origin main 2>&1");
  expect(ancient.exit_code, ancient.output).toBe(0);
  expect(git.requests.at(-1)?.protocol).toBeUndefined();
});

test("a fetch with much to tell is zipped by git and understood by the host", async () => {
  const workspaceId = await openShared();
  const newer = onHost("commit-tree", "-m", "newer", "-p", "main", "main^{tree}").trim();
  onHost("update-ref", "refs/heads/newer", newer);
  git.requests.length = 0;
  const { exit_code, output } = await sh(workspaceId, "git fetch origin newer 2>&1; git cat-file -t FETCH_HEAD");
  expect([exit_code, output]).toEqual([0, expect.stringContaining("commit")]);
  expect(git.requests.some(({ encoding }) => encoding === "gzip")).toBe(true);
});

test("a zipped push is read like any other, and refused with its report", async () => {
  const workspaceId = await openShared();
  const before = git.requests.length;
  const { output } = await sh(
    workspaceId,
    `node -e '
      const id = "1".repeat(40), line = "0".repeat(40) + " " + id + " refs/heads/feature\\0report-status\\n";
      const packet = (line.length + 4).toString(16).padStart(4, "0") + line + "0000";
      process.stdout.write(require("zlib").gzipSync(packet));
    ' | curl -s --data-binary @- -H 'content-encoding: gzip' -H 'content-type: application/x-git-receive-pack-request' \
      http://127.0.0.1:42129/git.example.com/acme/app.git/git-receive-pack`,
  );
  expect(output).toContain("ng refs/heads/feature branches must begin with slipway/");
  expect(git.requests.slice(before).every(({ call }) => call.startsWith("GET"))).toBe(true);
});

test("a force push replaces the branch, and one that was overtaken is refused by its lease", async () => {
  const workspaceId = await openShared();
  const push = (command: string) =>
    sh(workspaceId, `echo ${randomBytes(4).toString("hex")} > change; ${COMMIT} ${command} 2>&1`);
  await sh(workspaceId, "git checkout -qB force origin/main");
  expect((await push("git push origin HEAD:slipway/force")).exit_code).toBe(0);
  await sh(workspaceId, "git checkout -qB force origin/main");
  const forced = await push("git push --force origin HEAD:slipway/force");
  expect([forced.exit_code, forced.output]).toEqual([0, expect.stringContaining("forced update")]);
  const overtaken = await push(`git push --force-with-lease=slipway/force:${"1".repeat(40)} origin HEAD:slipway/force`);
  expect([overtaken.exit_code, overtaken.output]).toEqual([1, expect.stringContaining("stale info")]);
});

test.each(["git@git.example.com:acme/app.git", "ssh://git@git.example.com:2222/acme/app"])(
  "the ssh remote %s is cloned and pushed with the owner's account, and no key",
  async (address) => {
    const workspaceId = await open(address);
    pushes.length = 0;
    const { output, exit_code } = await sh(
      workspaceId,
      `git remote get-url --all origin; git config remote.origin.url; echo x > y; ${COMMIT} git push -q origin HEAD:slipway/ssh-${address.length} 2>&1`,
    );
    expect(exit_code, output).toBe(0);
    expect(output.trim().split("\n").at(-1)).toBe(address);
    await until(() => pushes.length === 1, "the push is told");
    expect(pushes).toEqual([
      {
        branch: `slipway/ssh-${address.length}`,
        origin: address.endsWith(".git") ? repository : repository.slice(0, -4),
      },
    ]);
  },
);

test("another spelling of the same remote, which the agent sets, goes through the broker too", async () => {
  const workspaceId = await openShared();
  for (const address of ["git@git.example.com:acme/app", "ssh://git@git.example.com/acme/app.git"]) {
    const { exit_code, output } = await sh(workspaceId, `git ls-remote '${address}' refs/heads/main 2>&1`);
    expect([exit_code, output], address).toEqual([0, expect.stringContaining("refs/heads/main")]);
  }
});

const TRACK = "git lfs track '*.bin' >/dev/null; head -c 3000000 /dev/urandom > model.bin;";

test("LFS objects go up and come down through the broker, by tokens that stay outside", async () => {
  const workspaceId = await open(repository);
  const pushed = await sh(
    workspaceId,
    `git checkout -qb lfs; ${TRACK} ${COMMIT} git push origin HEAD:slipway/lfs 2>&1; sha256sum model.bin | cut -c1-64`,
  );
  expect(pushed.exit_code, pushed.output).toBe(0);
  const oid = pushed.output.trim().split("\n").at(-1)!;
  expect([...lfs.objects.keys()]).toEqual([oid]);
  expect(onHost("show", "slipway/lfs:model.bin")).toContain(`oid sha256:${oid}`);
  const other = await workspaces.open({ ownerId: workspaces.adminId, repository, branch: "slipway/lfs" });
  expect((await sh(other, "sha256sum model.bin | cut -c1-64")).output.trim()).toBe(oid);
  expect(lfs.refused).toEqual([]);
  expect(lfs.tokens.length).toBeGreaterThan(1);
  const { output } = await sh(
    other,
    "rm -rf .git/lfs model.bin; GIT_TRACE=1 GIT_CURL_VERBOSE=1 GIT_TRANSFER_TRACE=1 git lfs pull 2>&1; grep -rs lfs-canary /tmp /home /run /workspace $PWD -l",
  );
  expect(output).toContain("/info/lfs/transfer/");
  expect(output).not.toContain("lfs-canary");
});

test("LFS objects of a branch that may not be pushed are not taken, and an unknown transfer is none", async () => {
  const workspaceId = await open(repository);
  const before = lfs.objects.size;
  const { exit_code, output } = await sh(workspaceId, `${TRACK} ${COMMIT} git push origin HEAD:feature 2>&1`);
  expect([exit_code, output]).toEqual([1, expect.stringContaining("branches must begin with slipway/")]);
  expect(lfs.objects.size).toBe(before);
  const place = "http://127.0.0.1:42129/git.example.com/acme/app.git/info/lfs";
  const codes = await sh(
    workspaceId,
    `for a in transfer/${"0".repeat(32)} locks objects/batch; do curl -s -o /dev/null -w '%{http_code} ' ${place}/$a; done; curl -s -o /dev/null -w '%{http_code}' -d nonsense ${place}/objects/batch`,
  );
  expect(codes.output).toBe("404 404 404 422");
});

test("while git clones and pushes, the token is in no file, environment or process of the workspace", async () => {
  const workspaceId = await open(repository);
  const watch = `(while [ -e /tmp/on ]; do cat /proc/*/cmdline /proc/*/environ 2>/dev/null | tr '\\0' '\\n' >> /tmp/seen; ps -ef >> /tmp/seen; sleep 0.05; done) &`;
  const { output, exit_code } = await sh(
    workspaceId,
    `touch /tmp/on; ${watch}
git checkout -qb canary; ${TRACK} head -c 5000000 /dev/urandom > large; ${COMMIT}
GIT_TRACE=1 GIT_TRACE_CURL=1 GIT_TRACE_PACKET=1 git push origin HEAD:slipway/canary > /tmp/trace 2>&1; pushed=$?
GIT_TRACE_CURL=1 git clone -q ${repository} /tmp/again >> /tmp/trace 2>&1
rm /tmp/on; wait
printf 'protocol=http\\nhost=git.example.com\\n\\n' | GIT_TERMINAL_PROMPT=0 git credential fill >> /tmp/seen 2>&1
env >> /tmp/seen; wc -c < /tmp/seen
grep -rslE '${TOKEN.slice(0, 12)}|${BASIC.slice(6, 30)}|lfs-canary' /tmp /home /run /etc /var $HOME $PWD && echo FOUND
exit $pushed`,
  );
  expect(exit_code, output).toBe(0);
  expect(Number(output.trim().split("\n")[0]), "watched processes").toBeGreaterThan(1_000);
  expect(output).not.toContain("FOUND");
});
