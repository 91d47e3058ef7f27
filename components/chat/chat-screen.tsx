"use client";

import { Archive } from "lucide-react";
import { useRouter } from "next/navigation";
import { lazy, memo, type ReactNode, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { errorText } from "@/lib/contract/client";
import type { AvailableModel } from "@/lib/contract/models";
import type { LiveState } from "../live/live-connection";
import { toast } from "../ui/toast";
import type { ChatActions } from "./chat-actions";
import { ChatContextProvider, type ChatContextValue, type RowActs } from "./chat-context";
import type { ChatStore } from "./chat-store";
import type { SendRequest } from "./composer";
import { ComposerDock } from "./composer-dock";
import { FindInChat } from "./find-in-chat";
import { LinkedMessage } from "./linked-message";
import type { WantedRow } from "./message-list";
import type { ScreenChat, Viewer } from "./screen-chat";
import { Transcript } from "./transcript";
import "./chat.css";

const RewindDialog = lazy(async () => ({ default: (await import("./rewind-dialog")).RewindDialog }));

type ChatScreenProps = {
  chat: ScreenChat;
  store: ChatStore;
  connection: LiveState;
  actions: ChatActions;
  models: readonly AvailableModel[];
  viewer: Viewer;
  onUnarchive: () => Promise<void>;
};

/** A chat below its top bar: transcript, what happens now, composer. Draws the state it is given. */
export function ChatScreen(props: ChatScreenProps) {
  const { chat, store, actions, models } = props;
  const [wanted, setWanted] = useState<WantedRow>();
  const [sentCount, setSentCount] = useState(0);
  const [rewoundId, setRewound] = useState<number | null>(null);
  const context = useRowContext({
    ...props,
    onWant: setWanted,
    onSent: () => setSentCount((count) => count + 1),
    onRewind: setRewound,
  });
  const send = useCallback(
    async (request: SendRequest) => {
      await actions.send(request);
      setSentCount((count) => count + 1);
    },
    [actions],
  );
  return (
    <ChatContextProvider value={context}>
      <FindInChat store={store} loadOlder={actions.loadOlder} onWant={setWanted} />
      <LinkedMessage store={store} loadOlder={actions.loadOlder} onWant={setWanted} />
      <Transcript {...props} onSend={send} sentCount={sentCount} wanted={wanted} editedId={context.editedId} />
      {chat.isArchived ? (
        <ArchivedStrip onUnarchive={props.onUnarchive} />
      ) : (
        <ComposerDock
          key={chat.id}
          chatId={chat.id}
          workspaceId={chat.workspaceId}
          store={store}
          actions={actions}
          models={models}
          lastModelId={chat.lastModelId}
          isPlanning={chat.isPlanning}
          onSend={send}
        />
      )}
      {rewoundId === null ? null : (
        <Suspense>
          <RewindDialog chatId={chat.id} messageId={rewoundId} onClose={() => setRewound(null)} />
        </Suspense>
      )}
    </ChatContextProvider>
  );
}

type RowContextOptions = ChatScreenProps & {
  onWant: (row: WantedRow) => void;
  onSent: () => void;
  onRewind: (messageId: number) => void;
};

/** What rows may do. Stable while nothing of it changes, since every row of the transcript reads it. */
function useRowContext(options: RowContextOptions): ChatContextValue {
  const { chat, store, actions, onWant } = options;
  const router = useRouter();
  const [editedId, startEdit] = useState<number | null>(null);
  const latest = useRef(options);
  latest.current = options;
  const acts = useMemo((): RowActs => {
    if (chat.isArchived) return {};
    return {
      answer: actions.answer,
      onRewind: latest.current.onRewind,
      onUndoBoundary: async () => {
        await actions.undoBoundary().catch((error) => toast.error(errorText(error), { id: "undo-boundary" }));
      },
      onEdit: async (messageId, text) => {
        const model = latest.current.models.find((each) => each.available && each.id === chat.lastModelId);
        await actions.edit(messageId, { content: text, modelId: model?.id });
        startEdit(null);
        latest.current.onSent();
      },
      onFork: (messageId) => {
        actions.fork(messageId).then(
          (fork) => router.push(`/agents/${fork.id}`),
          (error: unknown) => toast.error(errorText(error), { id: "fork" }),
        );
      },
    };
  }, [actions, router, chat.isArchived, chat.lastModelId]);
  const jump = useCallback(
    (fromMessageId: number, direction: "previous" | "next") => {
      const own = store.getState().messages.filter((message) => message.role === "user");
      const next =
        direction === "next"
          ? own.find((message) => message.id > fromMessageId)
          : own.findLast((message) => message.id < fromMessageId);
      if (next) onWant({ key: `m${next.id}`, block: "start" });
    },
    [store, onWant],
  );
  return useMemo(() => ({ chatId: chat.id, acts, editedId, startEdit, jump }), [chat.id, acts, editedId, jump]);
}

const ArchivedStrip = memo(function ArchivedStrip({ onUnarchive }: { onUnarchive: () => Promise<void> }): ReactNode {
  const [isPending, setPending] = useState(false);
  const unarchive = () => {
    setPending(true);
    onUnarchive()
      .catch((error: unknown) => toast.error(errorText(error), { id: "unarchive" }))
      .finally(() => setPending(false));
  };
  return (
    <div className="shrink-0 px-6 pb-[max(16px,env(safe-area-inset-bottom))] max-sm:px-4">
      <div className="mx-auto flex max-w-(--chat) items-center gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3 text-ink-2 text-md">
        <Archive aria-hidden className="text-ink-3" />
        <span className="flex-1">Archived. Read only.</span>
        <Button size="sm" variant="ghost" busy={isPending} onClick={unarchive}>
          Unarchive
        </Button>
      </div>
    </div>
  );
});
