import type { WorkingTree } from "@/lib/contract/working-tree";

/** The Git tab's two sides: what the host has, and the files of the workspace. */
export type PanelView = "remote" | "tree";

type Facts = {
  /** A branch or a pull request is followed. */
  isLinked: boolean;
  hasRepository: boolean;
};

/** The side that had something to show first. It stays, whatever the other side gets: nobody turned the page. */
export function settleView(settled: PanelView | null, { isLinked, hasRepository }: Facts): PanelView | null {
  if (settled) return settled;
  if (isLinked) return "remote";
  return hasRepository ? "tree" : null;
}

/** Null: whether there is anything is not known yet, which is another thing than nothing. */
export function shownView(options: {
  chosen: PanelView | null;
  settled: PanelView | null;
  hasLooked: boolean;
}): PanelView | null {
  return options.chosen ?? options.settled ?? (options.hasLooked ? "remote" : null);
}

/** The repository that had changes first. It stays when they are committed, for as long as it is there. */
export function settleRoot(settled: string | null, repositories: readonly WorkingTree[]): string | null {
  if (repositories.some(({ root }) => root === settled)) return settled;
  return repositories.find(({ file_count }) => file_count > 0)?.root ?? null;
}
