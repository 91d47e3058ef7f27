/** What may be forgotten, by key, bounded in number and size. Forgets what was not asked for longest. */

export type BoundedCache<T> = {
  /** Counts as asked for. */
  find(key: string): T | undefined;
  /** In place of what the key had. What is larger than one may be is not kept. */
  set(key: string, value: T, size: number): void;
  delete(key: string): void;
};

type Limits = {
  maxEntries: number;
  /** Of all entries together, in the unit of `size`. */
  maxSize: number;
  /** As all together when absent. */
  maxEntrySize?: number;
};

export function createBoundedCache<T>({ maxEntries, maxSize, maxEntrySize = maxSize }: Limits): BoundedCache<T> {
  /** The one that was asked for last is the last. */
  const entries = new Map<string, { value: T; size: number }>();
  let total = 0;
  const drop = (key: string) => {
    total -= entries.get(key)?.size ?? 0;
    entries.delete(key);
  };
  return {
    find(key) {
      const found = entries.get(key);
      if (!found) return undefined;
      entries.delete(key);
      entries.set(key, found);
      return found.value;
    },
    set(key, value, size) {
      drop(key);
      if (size > maxEntrySize) return;
      entries.set(key, { value, size });
      total += size;
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && total <= maxSize) break;
        drop(oldest);
      }
    },
    delete: drop,
  };
}
