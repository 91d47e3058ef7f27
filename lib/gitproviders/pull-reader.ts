/** Reads many pull requests of a repository with few requests: one list answers for those that did not move. */
import type { Clock } from "@/lib/clock";
import { type GitHostError, isGitHostError, orNothing } from "./git-host-error";
import type { GitHost, HostAccess, PullRequest, PullRequestRef, RepositoryName } from "./port";
import { createPullMemory, type Line, type PullMemory } from "./pull-memory";
import { cacheKey } from "./response-cache";

type PullReaderOptions = {
  clock: Clock;
  /** The open pull requests that changed last, as many as a look is worth. */
  listOpen(access: HostAccess, repository: RepositoryName): Promise<(Line & { number: number })[]>;
  readPull(access: HostAccess, ref: PullRequestRef): Promise<{ pull: PullRequest; updatedAt: string }>;
};

type Reader = PullReaderOptions & { memory: PullMemory };

/** The port's `getPullRequests`. */
export function createPullReader(options: PullReaderOptions): GitHost["getPullRequests"] {
  const reader: Reader = { ...options, memory: createPullMemory() };
  return async (access, { repository, numbers, fresh }) => {
    const { memory, clock } = reader;
    const key = cacheKey(access.token, `${repository.owner}/${repository.name}`.toLowerCase());
    const settled = numbers.filter((number) => !fresh?.has(number));
    const isListed = settled.length > 0 && memory.isListWorthwhile(key, numbers);
    const lines = isListed ? await listLines(reader, access, { repository, key }) : new Map<number, Line>();
    const results: (PullRequest | Error)[] = [];
    for (const number of numbers) {
      const line = fresh?.has(number) ? undefined : lines.get(number);
      const known = memory.findCurrent({ repository: key, number, line, nowMs: clock.now() });
      if (known) results.push(known.pull);
      else {
        const read = await reader.readPull(access, { repository, number }).catch(toResult);
        if (!(read instanceof Error)) memory.remember(key, { ...read, readAt: clock.now() });
        results.push(read instanceof Error ? read : read.pull);
      }
    }
    return results;
  };
}

/** A limit ends the whole group, and so does an abort; anything else is this pull request's own trouble. */
function toResult(error: unknown): GitHostError {
  const isOwn = isGitHostError(error) && error.kind !== "rate_limited" && error.kind !== "unauthorized";
  if (!isOwn) throw error;
  return error;
}

async function listLines(
  { memory, clock, listOpen }: Reader,
  access: HostAccess,
  { repository, key }: { repository: RepositoryName; key: string },
): Promise<Map<number, Line>> {
  const fresh = memory.findList(key, clock.now());
  if (fresh) return fresh;
  const listed = await listOpen(access, repository).catch(orNothing<Awaited<ReturnType<typeof listOpen>>>([]));
  const lines = new Map(listed.map(({ number, updatedAt, headSha }) => [number, { updatedAt, headSha }]));
  memory.setList(key, lines, clock.now());
  return lines;
}
