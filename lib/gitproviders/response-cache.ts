/** What a git host said, by address and token, so that it need only say "not modified". Bounded; holds no token. */
import { createBoundedCache } from "@/lib/bounded-cache";
import { sha256 } from "@/lib/ids";

export type CachedAnswer = { etag: string; value: unknown; sizeBytes: number; hasNext: boolean };

export type ResponseCache = {
  find(key: string): CachedAnswer | undefined;
  set(key: string, answer: CachedAnswer): void;
};

/**
 * Five answers for each of 10,000 pull requests, and the lists of their repositories. One too few is as bad as none: all
 * are asked for in turn, so that each would be forgotten just before its turn.
 */
const MAX_ENTRIES = 60_000;
/** Values are mapped to what is used of them, some 300 bytes each. */
const MAX_BYTES = 32 * 1024 * 1024;
/** A larger answer is read again rather than kept. */
const MAX_ENTRY_BYTES = 1024 * 1024;

export function createResponseCache(limits = { maxEntries: MAX_ENTRIES, maxBytes: MAX_BYTES }): ResponseCache {
  const { maxEntries, maxBytes: maxSize } = limits;
  const cache = createBoundedCache<CachedAnswer>({ maxEntries, maxSize, maxEntrySize: MAX_ENTRY_BYTES });
  return { find: cache.find, set: (key, answer) => cache.set(key, answer, answer.sizeBytes) };
}

/** Two people's answers never mix: the token is part of the key, as a hash. */
export const cacheKey = (token: string | null, address: string): string =>
  sha256(`${token ?? ""}\n${address}`).slice(0, 32);
