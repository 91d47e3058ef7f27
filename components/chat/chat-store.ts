import { type ChatAction, type ChatState, reduceChat } from "./chat-state";

export type ChatStore = {
  getState: () => ChatState;
  dispatch: (action: ChatAction) => void;
  subscribe: (listener: () => void) => () => void;
};

/** Rows that follow a reset arrive within this time, or what has come is shown. */
const RESET_MS = 300;

/**
 * Holds the folded state of one chat page. Durable rows and live parts are one value with one notification: were they
 * two, a frame could show an answer twice or not at all.
 */
export function createChatStore(initial: ChatState): ChatStore {
  let state = initial;
  /** What is drawn while the rows after a history reset arrive. */
  let shown = initial;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  function show() {
    clearTimeout(timer);
    timer = undefined;
    if (shown === state) return;
    shown = state;
    for (const listener of listeners) listener();
  }

  return {
    getState: () => shown,
    dispatch(action) {
      state = reduceChat(state, action);
      // A reset alone would blank the page for a moment: the rows come first, the status after them.
      if (action.type === "history_reset") timer ??= setTimeout(show, RESET_MS);
      else if (timer === undefined || action.type !== "message") show();
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
