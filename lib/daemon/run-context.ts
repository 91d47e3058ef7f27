/** What the parts of one run share: the process's services, the acquisition, the chat's workspace. Types alone. */
import type { Database } from "@/db/client";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { ChatWriter } from "@/lib/chats/transition";
import type { Clock } from "@/lib/clock";
import type { Env } from "@/lib/env";
import type { FileStore } from "@/lib/file-store";
import type { SecretBox } from "@/lib/secret-box";
import type { StreamHub } from "@/lib/streams/hub";
import type { WorkspaceService } from "@/lib/workspaces/service";
import type { ChatWorkspace } from "./chat-workspace";
import type { Slot } from "./slots";

/** One a process. */
export type TurnParts = {
  writer: ChatWriter;
  db: Database;
  env: Env;
  secrets: SecretBox;
  streams: StreamHub;
  files: FileStore;
  workspaces: WorkspaceService;
  clock: Clock;
};

/** One a run: what a server tool may use. */
export type RunContext = { parts: TurnParts; run: AcquiredRun; workspace: ChatWorkspace; slot: Slot };
