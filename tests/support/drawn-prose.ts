/** Which pieces of prose React draws, seen through the hook that its developer tools use, which a built page speaks to. */
import type { Page } from "playwright";

type Fiber = {
  tag: number;
  flags: number;
  alternate: Fiber | null;
  child: Fiber | null;
  sibling: Fiber | null;
  memoizedProps: { content?: unknown } | null;
};

type Recording = Window & { drawnProse: Record<string, number> };

/** Before the page's own scripts. */
export async function watchProse(page: Page): Promise<void> {
  await page.addInitScript(installHook);
}

/** How often each piece was parsed and drawn since the page was opened, by its text. */
export const readProse = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(() => (window as unknown as Recording).drawnProse);

/** Runs in the page: all of it stands inside. */
function installHook(): void {
  const drawnProse: Recording["drawnProse"] = {};
  // React's tag of a function component, and its flag of one whose function ran for this commit.
  const FUNCTION_COMPONENT = 0;
  const PERFORMED_WORK = 1;

  /** A subtree that was skipped is the same object in both trees. */
  const visit = (fiber: Fiber) => {
    const before = fiber.alternate;
    const content = fiber.memoizedProps?.content;
    if (fiber.tag === FUNCTION_COMPONENT && typeof content === "string" && (fiber.flags & PERFORMED_WORK) !== 0)
      drawnProse[content] = (drawnProse[content] ?? 0) + 1;
    if (before && before.child === fiber.child) return;
    for (let child = fiber.child; child; child = child.sibling) visit(child);
  };

  Object.assign(window, {
    drawnProse,
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      renderers: new Map(),
      inject: () => 1,
      onCommitFiberRoot: (_renderer: number, root: { current: Fiber }) => visit(root.current),
      onCommitFiberUnmount: () => {},
      onPostCommitFiberRoot: () => {},
      checkDCE: () => {},
    },
  });
}
