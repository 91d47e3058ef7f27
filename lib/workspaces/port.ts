/** What a driver does: run one sandbox with a workspace agent inside. Decides nothing about builds and writes no rows. */
import type { BuildLogLine } from "@/lib/contract/workspaces";

/** How the server reaches an agent. The token never goes into the database. */
export type AgentEndpoint = { socketPath: string; token: string };

/** What the driver needs to find the sandbox again after a restart of the server. Never secrets. */
export type DriverState = Record<string, unknown>;

export type StartSandbox = {
  workspaceId: string;
  agentId: string;
  memoryMb: number;
  maxProcesses: number;
  /** A repository on this machine, bound read-only. */
  localRepository: string | null;
  /** Git configuration of the sandbox, in the format of a git config file. */
  gitConfig: string;
  signal: AbortSignal;
  onLog: (line: BuildLogLine) => void;
};

/** Sockets of the server that the sandbox may speak to; their directory exists before the sandbox starts. */
export type WorkspaceSockets = { proxy: string; git: string };

export type WorkspaceDriver = {
  /** Why it cannot work on this machine, with the command that helps; null when it does. */
  problem(): string | null;
  /** Starts the sandbox and waits until its agent answers. @throws Error with the agent's own words when it does not. */
  start(options: StartSandbox): Promise<DriverState>;
  /** Ends everything in the sandbox; fine when it has ended already. */
  stop(options: { workspaceId: string; state: DriverState | null; signal: AbortSignal }): Promise<void>;
  /** Whether the very sandbox of that state still runs. Cheap: no call into it. */
  isAlive(state: DriverState): boolean;
  /** @throws Error when the secret of the sandbox is gone. */
  endpoint(options: { workspaceId: string; state: DriverState }): AgentEndpoint;
  sockets(workspaceId: string): WorkspaceSockets;
  /** Removes all files of a stopped workspace. */
  remove(workspaceId: string): Promise<void>;
  /** Workspaces of this data directory that have a sandbox running. */
  listRunning(): Promise<string[]>;
};
