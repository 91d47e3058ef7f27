/**
 * One command on an ssh host, by OpenSSH's own client, outside every sandbox. The key is in an agent that lives as long as
 * the command; the host's key is the one that was seen first. Nothing of this machine's ssh configuration is read.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { readHost } from "@/lib/env";
import { log } from "@/lib/log";
import { type Network, pinAddress } from "@/lib/network-address";
import { listenAsAgent } from "./agent";
import { type SshRemote, sshHostOf } from "./remote";

/** A person's key for a host. */
export type SshIdentity = {
  /** For remotes that name nobody. */
  username: string;
  privateKey: KeyObject;
  /** `type base64`; null: not seen yet. */
  hostKey: string | null;
  rememberHostKey(hostKey: string): Promise<void>;
};

export type SshHost = {
  remote: Pick<SshRemote, "host" | "port" | "username">;
  identity: SshIdentity;
  network: Network;
  /** An administrator gave the address: it may be private. */
  trusted: boolean;
};

export type SshCommand = {
  /** None: the host greets and ends. */
  command?: string | undefined;
  /** Git's protocol version, for hosts that take it. */
  gitProtocol?: string | undefined;
};

export type SshRun = {
  stdin: Writable;
  stdout: Readable;
  /** Never rejects. Why it failed in a person's words; null when the command ended well. */
  ended: Promise<{ code: number; stderr: string; failure: string | null }>;
  kill(): void;
};

const CONNECT_SECONDS = 20;
const ALIVE_SECONDS = 30;
const MAX_STDERR_BYTES = 8 * 1024;
/** What ssh ends with when it failed itself. */
export const SSH_FAILED = 255;

/** @throws Error for an address that cannot be reached from here. */
export async function runSsh(host: SshHost, { command, gitProtocol }: SshCommand): Promise<SshRun> {
  const { remote, identity } = host;
  const address = await pinAddress(remote.host, { network: host.network, isPrivateAllowed: () => host.trusted }).catch(
    (error: Error) => {
      throw new Error(`${sshHostOf(remote)} cannot be reached: ${error.message}.`);
    },
  );
  const place = await openPlace(host);
  const dialled = host.network.dial(address, remote.port);
  const options = Object.entries(optionsOf(host, place)).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const target = ["-p", String(dialled.port), "-l", remote.username ?? identity.username, "--", dialled.host];
  const child = spawn("ssh", ["-F", "none", "-T", ...options, ...target, ...(command ? [command] : [])], {
    env: {
      PATH: readHost().searchPath,
      LANG: "C",
      ...(gitProtocol && { GIT_PROTOCOL: gitProtocol }),
    } as unknown as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // Whoever writes learns from the end why nobody reads.
  child.stdin.on("error", () => {});
  return { stdin: child.stdin, stdout: child.stdout, ended: watch(child, { host, place }), kill: () => child.kill() };
}

type Place = { directory: string; agentSocket: string; hostsFile: string; close(): Promise<void> };

/** A directory of our own with the agent's socket and the one host key that is right. */
async function openPlace({ identity, remote }: SshHost): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-ssh-"));
  const [agentSocket, hostsFile] = [join(directory, "agent.sock"), join(directory, "known_hosts")];
  await writeFile(hostsFile, identity.hostKey ? `${aliasOf(remote)} ${identity.hostKey}\n` : "", { mode: 0o600 });
  const agent = await listenAsAgent({ socketPath: agentSocket, privateKey: identity.privateKey });
  const close = async () => {
    agent.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { directory, agentSocket, hostsFile, close };
}

/** A file of known hosts splits at these. */
const aliasOf = ({ host }: Pick<SshRemote, "host">): string => host.replace(/[^a-z0-9.-]/g, "_");

const optionsOf = ({ remote, identity }: SshHost, { agentSocket, hostsFile }: Place) => ({
  BatchMode: "yes",
  IdentityAgent: agentSocket,
  IdentityFile: "none",
  PreferredAuthentications: "publickey",
  ClearAllForwardings: "yes",
  HostKeyAlias: aliasOf(remote),
  UserKnownHostsFile: hostsFile,
  GlobalKnownHostsFile: "none",
  StrictHostKeyChecking: identity.hostKey ? "yes" : "accept-new",
  CheckHostIP: "no",
  UpdateHostKeys: "no",
  ConnectTimeout: CONNECT_SECONDS,
  ServerAliveInterval: ALIVE_SECONDS,
  SendEnv: "GIT_PROTOCOL",
  LogLevel: "ERROR",
});

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

async function watch(
  child: Child,
  { host, place }: { host: SshHost; place: Place },
): Promise<Awaited<SshRun["ended"]>> {
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (stderr.length < MAX_STDERR_BYTES) stderr += chunk.toString("utf8");
  });
  const ending = await once(child, "close").catch((error: NodeJS.ErrnoException) => error);
  const code = Array.isArray(ending) ? Number(ending[0] ?? SSH_FAILED) : SSH_FAILED;
  const reason = Array.isArray(ending) ? stderr : `cannot start ssh: ${ending.code}`;
  await rememberHost(host, place).catch((err: unknown) => log.warn("an ssh host's key was not kept", { err }));
  await place.close();
  return { code, stderr, failure: code === 0 ? null : describeFailure(sshHostOf(host.remote), reason) };
}

async function rememberHost({ identity }: SshHost, { hostsFile }: Place): Promise<void> {
  if (identity.hostKey) return;
  const [, type, key] = (await readFile(hostsFile, "utf8")).trim().split(/\s+/);
  if (type && key) await identity.rememberHostKey(`${type} ${key}`);
}

/** What a person can do about it; else the host's own words. */
export function describeFailure(host: string, reason: string): string {
  if (/cannot start ssh/.test(reason)) return "The server has no ssh; an administrator installs it (openssh-client).";
  if (/host key verification failed|host identification has changed/i.test(reason)) {
    return `The key of ${host} is not the one that was seen first. If its administrators changed it, remove your SSH key for ${host} in Git accounts and make a new one.`;
  }
  if (/permission denied|too many authentication failures/i.test(reason)) {
    return `${host} did not accept your SSH key. Its public half, which stands in Settings, Git accounts, has to be added there.`;
  }
  const words = wordsOf(reason);
  if (/connection (timed out|refused|closed|reset)|no route to host|banner exchange/i.test(reason)) {
    return `${host} cannot be reached over ssh: ${words}`;
  }
  return `${host} said: ${words || "nothing"}`;
}

const MAX_WORDS = 300;

/** Without what would move a terminal's cursor. */
export const wordsOf = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, MAX_WORDS);
