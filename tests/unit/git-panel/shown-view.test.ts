import { describe, expect, test } from "vitest";
import { type PanelView, settleRoot, settleView, shownView } from "@/components/git-panel/shown-view";
import type { WorkingTree } from "@/lib/contract/working-tree";

type Moment = { isLinked?: boolean; hasRepository?: boolean; hasLooked?: boolean };

/** What each draw of the tab shows, one after the other. */
function draw(moments: readonly Moment[], chosen: PanelView | null = null): (PanelView | null)[] {
  let settled: PanelView | null = null;
  return moments.map(({ isLinked = false, hasRepository = false, hasLooked = false }) => {
    settled = settleView(settled, { isLinked, hasRepository });
    return shownView({ chosen, settled, hasLooked });
  });
}

const tree = (root: string, file_count: number) => ({ root, file_count }) as WorkingTree;

describe("31: the Git tab", () => {
  test("31: says that there is nothing only when that is known, and turns no page by itself", () => {
    expect(draw([{}, { hasLooked: true, hasRepository: true }])).toEqual([null, "tree"]);
    expect(draw([{}, { hasLooked: true }, { hasLooked: true, hasRepository: true }])).toEqual([null, "remote", "tree"]);
    expect(draw([{ isLinked: true }, { isLinked: true, hasLooked: true, hasRepository: true }])).toEqual([
      "remote",
      "remote",
    ]);
    const pushed = { hasLooked: true, hasRepository: true, isLinked: true };
    expect(draw([{ hasLooked: true, hasRepository: true }, pushed])).toEqual(["tree", "tree"]);
  });

  test("shows what a person chose", () => {
    expect(draw([{}, { isLinked: true, hasLooked: true }], "tree")).toEqual(["tree", "tree"]);
  });

  test("stays at the repository that had changes when they are committed, and leaves one that is gone", () => {
    expect(settleRoot(null, [tree("/a", 0), tree("/b", 0)])).toBeNull();
    const root = settleRoot(null, [tree("/a", 0), tree("/b", 1)]);
    expect(root).toBe("/b");
    expect(settleRoot(root, [tree("/a", 2), tree("/b", 0)])).toBe("/b");
    expect(settleRoot(root, [tree("/a", 2)])).toBe("/a");
  });
});
