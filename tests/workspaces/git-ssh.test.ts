/** Git over ssh through the broker, against OpenSSH's own server: the key signs outside, each push is checked. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { systemNetwork } from "@/lib/network-address";
import type { SshIdentity } from "@/lib/ssh/client";
import { createKey, openKey } from "@/lib/ssh/key";
import { brokerGitConfig, createGitBroker } from "@/lib/workspaces/git-broker";
import { parseRepository } from "@/lib/workspaces/repository";
import { createRepository } from "../support/git-server";
import { createLfsStore } from "../support/lfs-store";
import { startSshGitServer } from "../support/ssh-git-server";
import { createTestWorkspaces, until } from "../support/workspaces";

const LFS_TOKEN = "Basic bGZzLW9mLXRoZS1ob3N0";
const lfs = createLfsStore({ basic: LFS_TOKEN, origin: "http://objects.example.com" });
const objects = createServer((request, response) => {
  if (!lfs.serve(request, response)) response.writeHead(404).end();
});
await new Promise<void>((resolve) => objects.listen(0, "127.0.0.1", resolve));
afterAll(() => void objects.close());
const host = await startSshGitServer({
  lfs: JSON.stringify({
    href: "http://objects.example.com/acme/app.git/info/lfs",
    header: { Authorization: LFS_TOKEN },
    expires_in: 600,
  }),
});
const old = await startSshGitServer({ takesProtocol: false });
for (const server of [host, old]) createRepository(join(server.folder, "app.git"), { "readme.md": "Hello.\n" });
execFileSync("git", ["-C", join(host.folder, "app.git"), "config", "uploadpack.allowFilter", "true"]);

const key = createKey("test");
const other = createKey("other");
const hostKeys = new Map<string, string>();
const identityFor = (name: string): SshIdentity => ({
  username: host.username,
  privateKey: openKey(key.privateKeyPem),
  hostKey: hostKeys.get(name) ?? null,
  rememberHostKey: async (hostKey) => void hostKeys.set(name, hostKey),
});
const asked: string[] = [];
const sshIdentities = async (request: { host: string }) => {
  asked.push(request.host);
  return request.host === "nobody.example.com" ? null : identityFor(request.host);
};
/** Names in front of the servers on loopback. */
const ports = new Map([
  ["93.184.215.14", host.port],
  ["93.184.215.15", old.port],
  ["93.184.215.16", (objects.address() as AddressInfo).port],
]);
const network = {
  resolve: async (name: string) => {
    const known = {
      "git.example.com": 14,
      "git.example.com.old": 15,
      "objects.example.com": 16,
      "nobody.example.com": 16,
    }[name];
    return known ? [`93.184.215.${known}`] : systemNetwork.resolve(name);
  },
  dial: (address: string, port: number) => {
    const moved = ports.get(address);
    return moved ? { host: "127.0.0.1", port: moved } : { host: address, port };
  },
};

const webUrlOf = (remote: string) => (remote.includes("nobody") ? "http://nobody.example.com" : undefined);

const directory = mkdtempSync(join(tmpdir(), "slipway-git-ssh-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeEach(() => {
  for (const server of [host, old]) server.accept(key.publicKey);
});

const pushes: string[] = [];

/** A broker for the remote, and git beside it with the configuration that a sandbox gets. */
async function openBroker(remote: string, { trusted = true } = {}) {
  const repository = parseRepository(remote, { trusted, webUrlOf });
  if (repository.kind !== "http") throw new Error("not a remote");
  const broker = createGitBroker({
    repository: repository.url,
    ssh: repository.ssh,
    ownerId: "owner",
    trusted,
    credentials: async () => null,
    sshIdentities,
    network,
    readPushRules: async () => ({}),
    onPush: ({ branch }) => void pushes.push(branch),
  });
  await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void broker.close());
  const { port } = broker.address() as AddressInfo;
  const home = mkdtempSync(join(directory, "home-"));
  execFileSync("sh", ["-c", `cat > '${home}/.gitconfig'`], { input: brokerGitConfig(repository, port) });
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
  return async (command: string) => {
    const options = { env: env as unknown as NodeJS.ProcessEnv, cwd: home, maxBuffer: 1 << 24 };
    return promisify(execFile)("sh", ["-ec", `exec 2>&1; ${command}`], options).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stdout: string }) => ({ code: error.code, output: error.stdout }),
    );
  };
}

const user = host.username;
const COMMIT =
  "git config user.email a@b; git config user.name a; date +%N >> change; git add -A; git commit -qm change";
const refsOf = (server: typeof host) =>
  execFileSync("git", ["-C", join(server.folder, "app.git"), "for-each-ref", "--format=%(refname)"]).toString();

test.each([
  [`${user}@git.example.com:acme/app.git`],
  [`${user}@git.example.com:acme/app`],
  ["git.example.com:acme/app.git"],
  [`ssh://${user}@git.example.com:2222${host.folder}/app.git`],
  [`git+ssh://${user}@GIT.example.com${host.folder}/app`],
])("the ssh remote %s is opened over ssh", async (remote) => {
  const run = await openBroker(remote);
  // Of this version one connection is enough.
  const { code, output } = await run(`git -c protocol.version=0 ls-remote '${remote}'`);
  expect([code, output]).toEqual([0, expect.stringContaining("refs/heads/main")]);
  expect(asked.at(-1)).toBe(remote.includes("2222") ? "git.example.com:2222" : "git.example.com");
});

test("protocol 2, a negotiation, shallow, partial and deeper fetches go over ssh as over http", async () => {
  const remote = `${user}@git.example.com:acme/app.git`;
  const run = await openBroker(remote);
  const before = host.requests().length;
  const { code, output } = await run(`
    git clone -q --depth 1 --filter=blob:none ${remote} a; git -C a fetch -q --unshallow; cat a/readme.md
    cd a; git config user.email a@b; git config user.name a
    for n in $(seq 30); do git commit -q --allow-empty -m $n; done`);
  expect([code, output]).toEqual([0, "Hello.\n"]);
  expect(
    host
      .requests()
      .slice(before)
      .every((line) => line === "git-upload-pack 'acme/app.git' version=2"),
  ).toBe(true);
  const bare = join(host.folder, "app.git");
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", bare, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
  git("update-ref", "refs/heads/newer", git("commit-tree", "-m", "n", "-p", "main", "main^{tree}").toString().trim());
  const fetched = await run("cd a; git fetch -q origin newer; git cat-file -t FETCH_HEAD");
  expect(fetched).toEqual({ code: 0, output: "commit\n" });
});

test("a host that takes no protocol version is spoken to as of old", async () => {
  const remote = `${user}@git.example.com.old:acme/app.git`;
  const run = await openBroker(remote);
  const { code, output } = await run(`
    git clone -q --depth 1 ${remote} app; git -C app fetch -q --unshallow; cat app/readme.md
    cd app; ${COMMIT}; git push -q origin HEAD:slipway/old; git ls-remote -q origin slipway/old | cut -f 2`);
  expect([code, output]).toEqual([0, "Hello.\nrefs/heads/slipway/old\n"]);
  expect(old.requests().every((line) => !line.includes("version"))).toBe(true);
});

test("a push over ssh arrives whole, and its branch is told; what the rules refuse never reaches the host", async () => {
  const remote = `${user}@git.example.com:acme/app.git`;
  const run = await openBroker(remote);
  pushes.length = 0;
  const big = "head -c 3000000 /dev/urandom > big";
  const taken = await run(`git clone -q ${remote} app; cd app; ${big}; ${COMMIT}; git push -q origin HEAD:slipway/big`);
  expect(taken).toEqual({ code: 0, output: "" });
  expect(refsOf(host)).toContain("refs/heads/slipway/big");
  await until(() => pushes.length === 1, "the push is told");
  expect(pushes).toEqual(["slipway/big"]);
  const before = [refsOf(host), host.requests().filter((line) => line.startsWith("git-receive-pack")).length];
  for (const [ref, words] of [
    ["HEAD:main", "main is the default branch"],
    ["HEAD:slipway/half HEAD:feature", "another ref of this push was refused"],
  ]) {
    const { code, output } = await run(`cd app; ${COMMIT}; git push origin ${ref}`);
    expect([code, output]).toEqual([1, expect.stringContaining(words as string)]);
  }
  const services = host.requests().filter((line) => line.startsWith("git-receive-pack"));
  // Each was asked for its refs, and was sent nothing.
  expect([refsOf(host), services.length]).toEqual([before[0], Number(before[1]) + 2]);
});

test("LFS objects go where the host says over ssh, and its token stays outside", async () => {
  const remote = `${user}@git.example.com:acme/app.git`;
  const run = await openBroker(remote);
  const { code, output } = await run(`git clone -q ${remote} app; cd app; git lfs install --local >/dev/null
    git config lfs.locksverify false; git lfs track '*.bin' >/dev/null; head -c 100000 /dev/urandom > a.bin
    ${COMMIT}; GIT_CURL_VERBOSE=1 git push origin HEAD:slipway/lfs; sha256sum a.bin | cut -c1-64`);
  expect(code, output).toBe(0);
  expect([...lfs.objects.keys()]).toEqual([output.trim().slice(-64)]);
  expect(output).not.toContain(LFS_TOKEN.slice(6));
  const back = await run("cd app; rm -rf .git/lfs a.bin; git lfs pull; sha256sum a.bin | cut -c1-64");
  expect(back.output.trim().slice(-64)).toBe(output.trim().slice(-64));
  expect(lfs.refused).toEqual([]);
  const none = `${user}@git.example.com.old:acme/app.git`;
  const ask = `curl -s -d '{"operation":"download","objects":[]}' "$(git ls-remote --get-url ${none})/info/lfs/objects/batch"`;
  expect((await (await openBroker(none))(ask)).output).toContain("does not say where it keeps LFS objects");
});

test("a host whose own key changed is refused until its owner makes a new key", async () => {
  const remote = `${user}@git.example.com.old:acme/app.git`;
  const run = await openBroker(remote);
  expect((await run(`git ls-remote ${remote}`)).code).toBe(0);
  await until(() => hostKeys.has("git.example.com.old"), "the host's key is kept");
  await old.changeHostKey();
  const refused = await run(`git ls-remote ${remote}`);
  expect([refused.code, refused.output]).toEqual([128, expect.stringContaining("is not the one that was seen first")]);
  hostKeys.clear();
  expect((await run(`git ls-remote ${remote}`)).code).toBe(0);
});

test("what does not work is said in words for a person", async () => {
  const remote = `${user}@git.example.com:acme/app.git`;
  const run = await openBroker(remote);
  host.accept(other.publicKey);
  expect((await run(`git ls-remote ${remote}`)).output).toContain("git.example.com did not accept your SSH key");
  host.accept(key.publicKey);
  const gone = await openBroker(`${user}@git.example.com:acme/gone.git`);
  expect((await gone(`git ls-remote ${user}@git.example.com:acme/gone.git`)).output).toContain(
    "not appear to be a git",
  );
  ports.set("93.184.215.14", 1);
  const away = await run(`git ls-remote ${remote}`);
  ports.set("93.184.215.14", host.port);
  expect(away.output).toContain("git.example.com cannot be reached over ssh");
  const keyless = await openBroker("git@nobody.example.com:acme/app.git");
  expect((await keyless("git ls-remote git@nobody.example.com:acme/app.git")).output).toContain(
    "Or add an SSH key for nobody.example.com",
  );
  const hidden = await openBroker("git@localhost:acme/app.git", { trusted: false });
  expect((await hidden("git ls-remote git@localhost:acme/app.git")).output).toContain("private address");
});

test("nothing of a connection stays: no socket of the agent, no process", async () => {
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("slipway-ssh-"));
  await until(() => left().length === 0, "directories of agents are gone");
});

test("the key stays outside of a workspace that clones and pushes over ssh", async () => {
  const workspaces = await createTestWorkspaces({ network, sshIdentities });
  const repository = `${user}@git.example.com:acme/app.git`;
  const workspaceId = await workspaces.open({ ownerId: workspaces.adminId, repository });
  const secret = (key.privateKeyPem.split("\n")[1] as string).slice(20, 50);
  // In brackets, so that the command does not hold what it looks for.
  const command = `cat readme.md; ${COMMIT}; git push -q origin HEAD:slipway/inside && echo pushed
    echo "agent: $SSH_AUTH_SOCK"; env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; git config --list
    ls -a ~ /run/slipway/sockets
    echo "found [$(grep -rls -D skip '[${secret[0]}]${secret.slice(1)}' /workspace /home /tmp /run /etc /var)]"`;
  const { result } = await workspaces.call(workspaceId, "execute", { command, timeout: "60s" });
  expect(result.output).toMatch(/^Hello.\npushed\nagent: \n/);
  expect(result.output).not.toContain(secret);
  expect(result.output).not.toMatch(/agent\.sock|\.ssh/);
  expect(result.output).toContain("found []");
  expect(refsOf(host)).toContain("refs/heads/slipway/inside");
  expect(existsSync(join(workspaces.dataDir, "workspaces", workspaceId))).toBe(true);
  expect(readFileSync(join(workspaces.dataDir, "workspaces", workspaceId, "etc/gitconfig"), "utf8")).toContain(
    repository.replace(/\.git$/, ""),
  );
});
