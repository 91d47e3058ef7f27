/** The server's two sockets per workspace: the egress proxy and the git broker. Opened before a sandbox starts. */
import { mkdir, rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import type { PushRules } from "@/lib/contract/workspaces";
import { log } from "@/lib/log";
import type { Network } from "@/lib/network-address";
import type { CredentialSource, SshIdentitySource } from "./credentials";
import { createEgressProxy, type EgressRefusal } from "./egress-proxy";
import { createGitBroker } from "./git-broker";
import type { WorkspaceSockets } from "./port";
import type { Repository, WebUrlOf } from "./repository";

export type PushedBranch = { branch: string; origin: string };

export type GatewaySettings = {
  credentials: CredentialSource;
  sshIdentities: SshIdentitySource;
  network: Network;
  webUrlOf?: WebUrlOf;
  /** A host took a branch of this workspace. */
  onPush?: (workspaceId: string, pushed: PushedBranch) => Promise<void>;
};

export type OpenGateway = {
  workspaceId: string;
  ownerId: string;
  sockets: WorkspaceSockets;
  repository: Repository | null;
  trusted: boolean;
  allowedHosts: readonly string[];
  readPushRules: () => Promise<PushRules>;
};

export type Gateway = {
  /** Listens; sockets that are open already are opened anew. */
  open(options: OpenGateway): Promise<void>;
  isOpen(workspaceId: string): boolean;
  close(workspaceId: string): Promise<void>;
  closeAll(): Promise<void>;
};

type RefusalListener = (workspaceId: string, refusal: EgressRefusal) => Promise<void>;

/** A gateway for all workspaces of this process. */
export function createGateway(settings: GatewaySettings & { onRefusal: RefusalListener }): Gateway {
  const servers = new Map<string, Listening[]>();
  const close = async (workspaceId: string) => {
    const open = servers.get(workspaceId) ?? [];
    servers.delete(workspaceId);
    await Promise.all(open.map(closeServer));
  };
  return {
    async open(options) {
      await close(options.workspaceId);
      const proxy = createEgressProxy({
        rule: egressRule(options),
        network: settings.network,
        onRefusal: (refusal) =>
          settings
            .onRefusal(options.workspaceId, refusal)
            .catch((err: unknown) => log.warn("recording a refused host failed", { err })),
      });
      const opened = [track(proxy)];
      servers.set(options.workspaceId, opened);
      await listen(proxy, options.sockets.proxy);
      if (options.repository?.kind !== "http") return;
      const { trusted, ownerId, repository, readPushRules, workspaceId } = options;
      const broker = createGitBroker({
        ...settings,
        trusted,
        ownerId,
        repository: repository.url,
        ssh: repository.ssh,
        readPushRules,
        onPush: (pushed) => {
          settings.onPush?.(workspaceId, pushed).catch((err: unknown) => log.warn("recording a push failed", { err }));
        },
      });
      opened.push(track(broker));
      await listen(broker, options.sockets.git);
    },
    isOpen: (workspaceId) => servers.has(workspaceId),
    close,
    async closeAll() {
      await Promise.all([...servers.keys()].map(close));
    },
  };
}

function egressRule({ allowedHosts, repository }: OpenGateway) {
  const url = repository?.kind === "http" ? repository.url : undefined;
  // The repository's own host may be asked for other things too (release files); only https, so never a private http one.
  return { hosts: url?.protocol === "https:" ? [...allowedHosts, url.hostname] : allowedHosts };
}

async function listen(server: Server, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.removeListener("error", reject);
      server.on("error", (err) => log.warn("a workspace socket failed", { err }));
      resolve();
    });
  });
}

type Listening = { server: Server; sockets: Set<Socket> };

/** A tunnel is no longer the HTTP server's own, so its sockets are kept here too. */
function track(server: Server): Listening {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return { server, sockets };
}

async function closeServer({ server, sockets }: Listening): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
}
