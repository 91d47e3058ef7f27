/** A git host as a person may use it in a request: found, with their token, unless its limit forbids. */

import { ApiError } from "@/lib/contract/errors";
import { isGitHostError } from "@/lib/gitproviders/git-host-error";
import type { HostAccess } from "@/lib/gitproviders/port";
import type { ConfiguredHost } from "@/lib/gitproviders/registry";
import { dueAfterError } from "./intervals";
import type { RefreshParts } from "./refresh";
import type { SyncStore } from "./store";

export type AskParts = Pick<RefreshParts, "hosts" | "clock" | "resolveToken"> & {
  store: Pick<SyncStore, "findLimitMs" | "saveLimit">;
};

type Ask = { configured: ConfiguredHost; userId: string; signal: AbortSignal };

/** @throws ApiError `unprocessable`, `unavailable` or `rate_limited` (with `Retry-After`) instead of the host's errors. */
export async function askHost<T>(
  parts: AskParts,
  { configured, userId, signal }: Ask,
  work: (access: HostAccess) => Promise<T>,
): Promise<T> {
  const { entry } = configured;
  let scope = `${entry.id}:shared`;
  try {
    const resolved = await parts.resolveToken({ userId, configured, signal });
    if (resolved?.source === "own") scope = `${entry.id}:${userId}`;
    const waitMs = await parts.store.findLimitMs({ scope });
    if (waitMs > 0) throw limited(waitMs);
    return await work({ token: resolved?.token ?? null, signal });
  } catch (error) {
    if (!isGitHostError(error)) throw error;
    if (error.kind !== "rate_limited") throw toApiError(error);
    const waitMs = dueAfterError(error, parts.clock.now());
    await parts.store.saveLimit({ scope, waitMs });
    throw limited(waitMs);
  }
}

function limited(waitMs: number): ApiError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new ApiError("rate_limited", `The git host limits requests; it may be asked again in ${seconds} s.`, {
    headers: { "Retry-After": String(seconds) },
  });
}

/** The host's refusal, as the caller's own error. */
function toApiError(error: Error & { kind: string }): ApiError {
  const isAway = error.kind === "unreachable" || error.kind === "bad_answer";
  return new ApiError(isAway ? "unavailable" : "unprocessable", error.message, { cause: error });
}
