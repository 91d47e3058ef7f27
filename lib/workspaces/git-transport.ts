/** How git's requests reach a host: over http, or over ssh. The broker decides what may pass; these carry it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";

export type GitService = "git-upload-pack" | "git-receive-pack";

export const LFS_OPERATIONS = ["download", "upload"] as const;
export type LfsOperation = (typeof LFS_OPERATIONS)[number];
export type LfsServer = { url: string; headers: Record<string, string> };

export type AdvertiseCall = { service: GitService; incoming: IncomingMessage; response: ServerResponse };

export type ExchangeCall = AdvertiseCall & {
  /** The request as the broker has unpacked it; absent: as it comes in. */
  body?: AsyncIterable<Buffer>;
  /** Hears the host's answer beside git. */
  onAnswer?: (answer: Readable) => void;
};

/** Each answers git itself. @throws Error with a reason for a person when the host cannot be reached. */
export type GitTransport = {
  /** The host's refs, or what it can do. */
  advertise(call: AdvertiseCall): Promise<void>;
  /** One request to a service and its answer. */
  exchange(call: ExchangeCall): Promise<void>;
  /** Where the host keeps LFS objects, and what opens it; null: below the repository's web address. */
  findLfsServer(operation: LfsOperation): Promise<LfsServer | null>;
  /** Where HEAD points; null when the host does not say. */
  findDefaultBranch(response: ServerResponse): Promise<string | null>;
};

/** Want and have lines of a fetch; the largest real ones are a few MiB. */
export const MAX_FETCH_BYTES = 32 * 1024 * 1024;

/** HEAD's target stands in the first line of a host's refs, among the capabilities. */
export const defaultBranchIn = (refs: string): string | null =>
  / symref=HEAD:refs\/heads\/([^ \n]+)/.exec(refs)?.[1] ?? null;
