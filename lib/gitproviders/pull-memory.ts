/**
 * What was last known of a repository's pull requests, so that one list answers for many: a pull request whose line in
 * the list did not move is not asked for again. Bounded; a process that starts anew asks once more.
 */
import type { PullRequest } from "./port";

export type Remembered = { pull: PullRequest; updatedAt: string; readAt: number };

type OfRepository = { pulls: Map<number, Remembered>; list: { readAt: number; lines: Map<number, Line> } | null };
export type Line = { updatedAt: string; headSha: string | null };

/**
 * What leaves no trace in the list is seen within this time. A push and a review do leave one, and checks that run are
 * asked for every time. 10,000 pull requests cost 11 requests a second so; GitHub's secondary limit is 15.
 */
const FULL_READ_MS = 3_600_000;
/** One list serves the pull requests that are due within this time. */
const LIST_MS = 60_000;
/** Of a few hundred bytes each. */
const MAX_PULLS = 20_000;

export type PullMemory = {
  /** More than one pull request of the repository is followed: a list pays. */
  isListWorthwhile(repository: string, numbers: readonly number[]): boolean;
  findList(repository: string, nowMs: number): Map<number, Line> | undefined;
  setList(repository: string, lines: Map<number, Line>, nowMs: number): void;
  /** What is known and still true by the list. Checks that run are asked for every time. */
  findCurrent(options: {
    repository: string;
    number: number;
    line: Line | undefined;
    nowMs: number;
  }): Remembered | undefined;
  remember(repository: string, remembered: Remembered): void;
};

export function createPullMemory(): PullMemory {
  const repositories = new Map<string, OfRepository>();
  let size = 0;
  const of = (repository: string): OfRepository => {
    const found = repositories.get(repository) ?? { pulls: new Map(), list: null };
    repositories.delete(repository);
    repositories.set(repository, found);
    return found;
  };
  return {
    isListWorthwhile: (repository, numbers) =>
      new Set([...numbers, ...(repositories.get(repository)?.pulls.keys() ?? [])]).size > 1,
    findList(repository, nowMs) {
      const list = repositories.get(repository)?.list;
      return list && nowMs - list.readAt < LIST_MS ? list.lines : undefined;
    },
    setList(repository, lines, nowMs) {
      of(repository).list = { lines, readAt: nowMs };
    },
    findCurrent({ repository, number, line, nowMs }) {
      const known = repositories.get(repository)?.pulls.get(number);
      if (!known || !line || known.pull.checks?.state === "pending" || nowMs - known.readAt >= FULL_READ_MS) {
        return undefined;
      }
      return known.updatedAt === line.updatedAt && known.pull.headSha === line.headSha ? known : undefined;
    },
    remember(repository, remembered) {
      const { pulls } = of(repository);
      if (!pulls.has(remembered.pull.number)) size += 1;
      pulls.set(remembered.pull.number, remembered);
      for (const [oldest, { pulls: old }] of repositories) {
        if (size <= MAX_PULLS || oldest === repository) break;
        size -= old.size;
        repositories.delete(oldest);
      }
    },
  };
}
