"use client";

import { useEffect, useMemo, useState } from "react";
import type { AvailableModel } from "@/lib/contract/models";
import { SidebarToggle } from "../agents-sidebar/sidebar-toggle";
import { useChatActions } from "../agents-sidebar/use-chat-actions";
import { PullRequestChip } from "../git-panel/pull-request-chip";
import { BesidePanel, PanelToggle } from "../right-panel/right-panel";
import { createChatActions } from "./chat-actions";
import { ChatMenu } from "./chat-menu";
import { ChatScreen } from "./chat-screen";
import type { ChatSnapshot, ChatState } from "./chat-state";
import { ChatTopBar } from "./chat-top-bar";
import { hasLeft } from "./has-left";
import type { Viewer } from "./screen-chat";
import { useChatPart, useChatStream } from "./use-chat-stream";
import { useListedChat } from "./use-listed-chat";
import { useMarkRead } from "./use-mark-read";

type ChatViewProps = {
  snapshot: ChatSnapshot;
  /** The stream's position of the snapshot. */
  cursor: string;
  parent: { id: string; title: string } | null;
  repository: string | null;
  branch: string | null;
  models: readonly AvailableModel[];
  viewer: Viewer;
};

/** The stream of an archived chat ends for good; after so many new beginnings something else is wrong. */
const MAX_REVIVALS = 5;

const selectIsDone = (state: ChatState) => state.isDone;

/** An open chat, from the server's snapshot on. Keyed by the chat: nothing of one chat is left in the next. */
export function ChatView(props: ChatViewProps) {
  const [revivals, setRevivals] = useState(0);
  const revive = () => setRevivals((count) => Math.min(count + 1, MAX_REVIVALS));
  return <OpenChat key={`${props.snapshot.chat.id}/${revivals}`} {...props} onUnarchived={revive} />;
}

function OpenChat({
  snapshot,
  cursor,
  viewer,
  models,
  onUnarchived,
  ...place
}: ChatViewProps & { onUnarchived: () => void }) {
  const { store, connection } = useChatStream(snapshot, cursor);
  const isDone = useChatPart(store, selectIsDone);
  const [actions] = useState(() => createChatActions(snapshot.chat.id, store));
  const listed = useListedChat(snapshot.chat.id);
  // A chat that leaves the list, since it was archived, is still the one that was known last.
  const [chat, setChat] = useState(snapshot.chat);
  if (listed && listed !== chat) setChat(listed);
  const listActions = useChatActions();
  useMarkRead(chat.id, store);

  // The stream ended when the chat was archived; the list says that it is back.
  const [isAway, setAway] = useState(false);
  const left = hasLeft(isAway, { isDone, listed });
  if (left !== isAway) setAway(left);
  const isBack = isAway && listed?.archived === false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change is what counts
  useEffect(() => {
    if (isBack) onUnarchived();
  }, [isBack]);

  const isArchived = listed ? listed.archived : snapshot.chat.archived || isDone;
  // The page's own title element was written by the server; a second one would not be read.
  useEffect(() => {
    document.title = `${chat.title} · Slipway`;
  }, [chat.title]);

  const known = useMemo(() => ({ ...chat, archived: isArchived }), [chat, isArchived]);
  return (
    <BesidePanel chat={known}>
      <ChatTopBar
        title={chat.title}
        {...place}
        lead={<SidebarToggle />}
        menu={<ChatMenu chat={known} />}
        pullRequest={<PullRequestChip chat={chat} />}
        trail={<PanelToggle chat={known} />}
      />
      <ChatScreen
        chat={{
          id: chat.id,
          workspaceId: chat.workspace_id,
          ownerName: chat.owner_username,
          isArchived,
          lastModelId: chat.last_model_config_id,
          isPlanning: snapshot.chat.plan_mode,
        }}
        store={store}
        connection={connection}
        actions={actions}
        models={models}
        viewer={viewer}
        onUnarchive={() => listActions.unarchive(chat)}
      />
    </BesidePanel>
  );
}
