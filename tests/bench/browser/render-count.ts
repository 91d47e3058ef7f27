/** Which rows React renders, seen through the hook that its developer tools use, which a built page speaks to as well. */
import type { Page } from "playwright";

type Fiber = {
  flags: number;
  alternate: Fiber | null;
  child: Fiber | null;
  sibling: Fiber | null;
  memoizedProps: { chat?: { id?: string } } | null;
};

type Recording = Window & { renderedChatIds: Set<string>; commits: number };

/** Before the page's own scripts. */
export async function watchRenders(page: Page): Promise<void> {
  await page.addInitScript(installHook);
}

export const resetRenders = (page: Page): Promise<void> =>
  page.evaluate(() => {
    Object.assign(window, { renderedChatIds: new Set(), commits: 0 });
  });

/** Chats that a component was rendered for since the last reset, and how often the page was committed. */
export const readRenders = (page: Page): Promise<{ chatIds: string[]; commits: number }> =>
  page.evaluate(() => {
    const { renderedChatIds, commits } = window as unknown as Recording;
    return { chatIds: [...renderedChatIds], commits };
  });

/** Runs in the page: all of it stands inside. */
function installHook(): void {
  const recording = window as unknown as Recording;
  Object.assign(window, { renderedChatIds: new Set(), commits: 0 });
  // React's flag of a component whose function ran for this commit.
  const PERFORMED_WORK = 1;

  /** A subtree that was skipped is the same object in both trees. */
  function visit(fiber: Fiber) {
    const before = fiber.alternate;
    const chatId = fiber.memoizedProps?.chat?.id;
    if (chatId && (fiber.flags & PERFORMED_WORK) !== 0) recording.renderedChatIds.add(chatId);
    if (before && before.child === fiber.child) return;
    for (let child = fiber.child; child; child = child.sibling) visit(child);
  }

  Object.assign(window, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      renderers: new Map(),
      inject: () => 1,
      onCommitFiberRoot(_renderer: number, root: { current: Fiber }) {
        recording.commits += 1;
        visit(root.current);
      },
      onCommitFiberUnmount: () => {},
      onPostCommitFiberRoot: () => {},
      checkDCE: () => {},
    },
  });
}
