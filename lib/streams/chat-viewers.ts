/** Who watches one chat on this process: those in step, and those that still catch up. Sends; decides nothing. */
import { log } from "@/lib/log";
import { type CatchUpSource, type ChatViewer, catchUp } from "./chat-catch-up";
import { encodeChatEvent } from "./chat-events";
import type { Position } from "./cursor";

export type ChatViewers = {
  /** Encodes once, and only when somebody is in step; `messageId` is a row's, which some have already. */
  broadcast(encode: () => Uint8Array, messageId?: number): void;
  /** Brings a viewer up to date and keeps it so until it leaves. */
  join(source: CatchUpSource, viewer: ChatViewer, from: Position): Promise<void>;
  /** Everybody in step catches up again, from where they were. */
  rejoin(source: CatchUpSource, from: Position): void;
  admit(viewer: ChatViewer): void;
  leave(viewer: ChatViewer): void;
  /** Tells one viewer that its stream of this chat is over. */
  dismiss(viewer: ChatViewer, at: Position): void;
  dismissAll(at: Position): void;
};

/** `onIdle`: the last viewer has left. */
export function createChatViewers(options: { chatId: string; onIdle: () => void }): ChatViewers {
  const { chatId } = options;
  const live = new Set<ChatViewer>();
  const joining = new Set<ChatViewer>();
  const checkIdle = () => {
    if (live.size === 0 && joining.size === 0) options.onIdle();
  };

  const viewers: ChatViewers = {
    broadcast(encode, messageId = Number.POSITIVE_INFINITY) {
      if (live.size === 0) return;
      const bytes = encode();
      for (const viewer of live) if (messageId > viewer.afterId) viewer.connection.send(bytes);
    },
    async join(source, viewer, from) {
      joining.add(viewer);
      try {
        await catchUp(source, viewer, from);
      } catch (err) {
        log.warn("stream cut off while it caught up", { chatId, err });
        viewer.connection.close();
      } finally {
        joining.delete(viewer);
        checkIdle();
      }
    },
    rejoin(source, from) {
      for (const viewer of [...live]) {
        live.delete(viewer);
        void viewers.join(source, viewer, from);
      }
    },
    admit(viewer) {
      if (!viewer.connection.isClosed) live.add(viewer);
    },
    leave(viewer) {
      live.delete(viewer);
      checkIdle();
    },
    dismiss(viewer, at) {
      viewer.connection.send(encodeChatEvent(chatId, { type: "done" }, { ...at, isDone: true }));
      viewers.leave(viewer);
      viewer.onDone();
    },
    dismissAll(at) {
      for (const viewer of [...live]) viewers.dismiss(viewer, at);
    },
  };
  return viewers;
}
