/** The hint for a change that is no transition: title, pin, read mark, archive. Publishes nothing itself. */
import type { WatchKind } from "@/lib/contract/events";
import type { ChatHint } from "@/lib/pubsub";

type Bookkeeping = { chatId: string; ownerId: string; rootChatId: string | null; watch: WatchKind[] };

/** Version 0 and no status: viewers of the chat have nothing to read, lists do. */
export const bookkeepingHint = (change: Bookkeeping): ChatHint => ({
  type: "chat",
  ...change,
  version: 0,
  status: null,
  runnable: false,
});
