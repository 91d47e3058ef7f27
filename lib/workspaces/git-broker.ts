/**
 * Git's way from a sandbox to its own repository: a unix socket per workspace is the identity, the credential is added
 * here, outside the sandbox. Serves that one repository; every ref of a push is checked, and refused with a proper report.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { refusalOfUpdate } from "@/lib/contract/push-policy";
import type { PushRules } from "@/lib/contract/workspaces";
import { type SshRemote, sshHostOf } from "@/lib/ssh/remote";
import type { SshIdentitySource } from "./credentials";
import { createHttpTransport } from "./git-http";
import { createLfsRelay, type LfsRelay } from "./git-lfs";
import { createSshTransport } from "./git-ssh";
import type { GitService, GitTransport } from "./git-transport";
import { deny, type Upstream } from "./git-upstream";
import { encodeRefusedPush, type PushCommands, parsePushCommands } from "./pkt-line";

export type GitBrokerOptions = Upstream & {
  /** The repository's address when it was given as an ssh remote. */
  ssh: SshRemote | null;
  sshIdentities: SshIdentitySource;
  /** Of the template as they are now, asked for at each push. */
  readPushRules: () => Promise<PushRules>;
  /** The host took a branch. Must not throw. */
  onPush: (pushed: { branch: string; origin: string }) => void;
};

/** Commands of a push, before its pack. */
const MAX_COMMAND_BYTES = 1024 * 1024;
/** A refused pack is read this far, since git listens only once it has sent it. */
const MAX_REFUSED_PACK_BYTES = 256 * 1024 * 1024;

/** The report of a push and what the host's hooks say; kept to read what was taken. */
const MAX_REPORT_BYTES = 256 * 1024;

/** A broker that is not listening yet. */
export function createGitBroker(options: GitBrokerOptions): Server {
  const base = brokerPath(options.repository);
  const lfs = createLfsRelay({
    ...options,
    base,
    findServer: async (operation) => (await openTransport(options)).findLfsServer(operation),
    findRefusal: async (ref, response) => {
      const defaultBranch = await (await openTransport(options)).findDefaultBranch(response);
      return refusalOfUpdate(await options.readPushRules(), { ref, newId: "" }, defaultBranch);
    },
  });
  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000 }, (incoming, response) => {
    incoming.on("error", () => response.destroy());
    serve(options, { base, lfs, incoming, response }).catch((error: Error) => deny(response, 502, error.message));
  });
  server.maxConnections = 32;
  return server;
}

/** Over ssh when the remote is an ssh one and its owner has a key for the host, asked for anew each time. */
async function openTransport(options: GitBrokerOptions): Promise<GitTransport> {
  const { ssh, ownerId, network, trusted } = options;
  const identity = ssh && (await options.sshIdentities({ host: sshHostOf(ssh), ownerId }));
  if (identity) return createSshTransport({ remote: ssh, identity, network, trusted });
  const accessHint = ssh ? `Or add an SSH key for ${sshHostOf(ssh)} in Settings, Git accounts.` : undefined;
  return createHttpTransport({ ...options, accessHint });
}

/** Where the repository stands on the broker: `/host/owner/name`. */
export const brokerPath = (repository: URL): string => `/${repository.host}${withoutEnd(repository.pathname)}`;

/** Lines of a git configuration that lead the repository's address, however it is spelt, to the broker. */
export function brokerGitConfig(repository: { url: URL; remote: string }, port: number): string {
  const { url, remote } = repository;
  const path = withoutEnd(url.pathname);
  const spellings = [
    url.origin + path,
    `git@${url.hostname}:${path.slice(1)}`,
    `ssh://git@${url.hostname}${path}`,
    `ssh://${url.hostname}${path}`,
    withoutEnd(remote),
  ];
  const lines = [...new Set(spellings)].map((spelling) => `\tinsteadOf = ${quote(spelling)}\n`);
  return `[url ${quote(`http://127.0.0.1:${port}${brokerPath(url)}`)}]\n${lines.join("")}`;
}

const withoutEnd = (address: string): string => address.replace(/\/+$/, "").replace(/\.git$/, "");

/** A string of git's configuration format. */
const quote = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;

type Exchange = { base: string; lfs: LfsRelay; incoming: IncomingMessage; response: ServerResponse };

async function serve(options: GitBrokerOptions, { base, lfs, incoming, response }: Exchange): Promise<void> {
  const url = URL.parse(incoming.url ?? "", "http://broker");
  if (!url?.pathname.startsWith(base)) return deny(response, 403, "Slipway serves only this workspace's repository.");
  const rest = url.pathname.slice(base.length).replace(/^\.git(?=\/)/, "");
  const service = url.searchParams.get("service");
  const call = `${incoming.method} ${rest}`;
  if (call === "GET /info/refs" && isService(service)) {
    return (await openTransport(options)).advertise({ service, incoming, response });
  }
  if (call === "POST /git-upload-pack") {
    return (await openTransport(options)).exchange({ service: "git-upload-pack", incoming, response });
  }
  if (call === "POST /git-receive-pack") return push(options, incoming, response);
  if (rest.startsWith("/info/lfs/")) return lfs.serve(rest.slice("/info/lfs".length), incoming, response);
  const isOther = rest !== "" && !rest.startsWith("/");
  if (isOther) return deny(response, 403, "Slipway serves only this workspace's repository.");
  deny(response, 404, "Slipway serves git's own addresses only.");
}

const isService = (service: string | null): service is GitService =>
  service === "git-upload-pack" || service === "git-receive-pack";

/** Reads the commands, then relays or refuses all of them: a push is taken whole or not at all. */
async function push(options: GitBrokerOptions, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const isZipped = incoming.headers["content-encoding"] === "gzip";
  const body: Readable = isZipped ? incoming.pipe(createGunzip()) : incoming;
  body.on("error", () => deny(response, 400, "The push could not be read."));
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let start = Buffer.alloc(0);
  let commands: PushCommands | undefined;
  while (!commands) {
    const { value, done } = await chunks.next();
    if (done) return deny(response, 400, "The push could not be read.");
    start = Buffer.concat([start, value]);
    commands = parsePushCommands(start);
    if (!commands && start.length > MAX_COMMAND_BYTES) return deny(response, 413, "The push has too many refs.");
  }
  const rules = await options.readPushRules();
  const transport = await openTransport(options);
  const defaultBranch = commands.updates.length > 0 ? await transport.findDefaultBranch(response) : null;
  const refusals = new Map(
    commands.updates.flatMap((update) => {
      const reason = refusalOfUpdate(rules, update, defaultBranch);
      return reason ? [[update.ref, reason] as const] : [];
    }),
  );
  if (refusals.size > 0) return refusePush({ commands, refusals, chunks, response });
  const taking = commands;
  await transport.exchange({
    service: "git-receive-pack",
    incoming,
    response,
    body: joined(start, chunks),
    onAnswer: (answer) => listenForTaken(options, answer, taking),
  });
}

type Refused = {
  commands: PushCommands;
  refusals: Map<string, string>;
  chunks: AsyncIterator<Buffer>;
  response: ServerResponse;
};

/** Git listens only once it has sent its pack, so that is read and dropped. */
async function refusePush({ commands, refusals, chunks, response }: Refused): Promise<void> {
  let size = 0;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    size += next.value.length;
    if (size > MAX_REFUSED_PACK_BYTES) return deny(response, 413, [...refusals.values()].join("; "));
  }
  response.writeHead(200, { "content-type": "application/x-git-receive-pack-result", "cache-control": "no-cache" });
  response.end(encodeRefusedPush(commands, ({ ref }) => refusals.get(ref) ?? "another ref of this push was refused"));
}

async function* joined(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

/** The host says of each ref whether it took it (`ok <ref>`). */
function listenForTaken(options: GitBrokerOptions, answer: Readable, { updates }: PushCommands): void {
  let report = "";
  answer.on("data", (chunk: Buffer) => {
    if (report.length < MAX_REPORT_BYTES) report += chunk.toString("latin1");
  });
  answer.on("end", () => {
    const taken = updates.filter(({ ref, newId }) => !/^0+$/.test(newId) && report.includes(`ok ${toLatin1(ref)}\n`));
    const branch = taken.findLast(({ ref }) => ref.startsWith("refs/heads/"))?.ref.slice("refs/heads/".length);
    if (branch) options.onPush({ branch, origin: options.repository.href });
  });
}

const toLatin1 = (text: string): string => Buffer.from(text).toString("latin1");
