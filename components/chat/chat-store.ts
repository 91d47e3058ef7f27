import { type ChatAction, type ChatState, reduceChat } from "./chat-state";

export type ChatStore = {
  getState: () => ChatState;
  dispatch: (action: ChatAction) => void;
  subscribe: (listener: () => void) => () => void;
};

/** Rows that follow a reset arrive within this time, or what has come is shown. */
const RESET_MS = 300;
/** Hundreds of parts may come in a second; thirty times is often enough to hand them on, since text appears at its own pace. */
const PARTS_MS = 32;

/**
 * Holds the folded state of one chat page. Durable rows and live parts are one value with one notification: were they
 * two, a frame could show an answer twice or not at all.
 */
export function createChatStore(initial: ChatState): ChatStore {
  let state = initial;
  /** What is drawn while the rows after a history reset arrive. */
  let shown = initial;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isResetting = false;
  const listeners = new Set<() => void>();

  function show() {
    clearTimeout(timer);
    timer = undefined;
    isResetting = false;
    if (shown === state) return;
    shown = state;
    for (const listener of listeners) listener();
  }

  return {
    getState: () => shown,
    dispatch(action) {
      state = reduceChat(state, action);
      if (action.type === "history_reset") {
        // A reset alone would blank the page for a moment: the rows come first, the status after them.
        clearTimeout(timer);
        timer = setTimeout(show, RESET_MS);
        isResetting = true;
      } else if (action.type === "message_part") timer ??= setTimeout(show, PARTS_MS);
      else if (!isResetting || action.type !== "message") show();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearTimeout(timer);
      };
    },
  };
}
