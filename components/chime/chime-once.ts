/** Tabs hear of the same event within a few milliseconds of each other; afterwards it is no news. */
const HELD_MS = 2_000;
/** So much later a tab that does not show the agent asks: one that shows it keeps all others quiet. */
const GRACE_MS = 300;

type ChimeOptions = {
  chatId: string;
  /** Whether this tab shows the agent to a person. */
  isLookedAt: boolean;
  play: () => void;
  /** Absent where the browser has none (plain http on a network): then every tab is alone. */
  locks: Pick<LockManager, "request"> | undefined;
  wait?: (ms: number) => Promise<void>;
};

/**
 * Plays once for all tabs of a browser, and not at all when one of them shows the agent: whoever gets the agent's lock
 * first decides, and keeps it until the others have heard the news as well.
 */
export async function chimeOnce({ chatId, isLookedAt, play, locks, wait = sleep }: ChimeOptions): Promise<void> {
  if (!locks) return isLookedAt ? undefined : play();
  if (!isLookedAt) await wait(GRACE_MS);
  await locks.request(`slipway.chime.${chatId}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    if (!isLookedAt) play();
    await wait(HELD_MS);
  });
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
