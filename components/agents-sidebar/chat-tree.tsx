"use client";

import { type KeyboardEvent, memo, type ReactNode, useMemo } from "react";
import type { Chat } from "@/lib/contract/chats";
import { useNow, useTimeZone } from "../ui/now";
import { GROUP_LABELS, type Group, groupChats } from "./chat-groups";
import { ChatRow, type RowActs } from "./chat-row";
import { PIN_ROW } from "./pin-drag";
import { SectionHead } from "./section-head";
import { SubagentRows } from "./subagent-rows";
import { useClosedSections } from "./use-closed-sections";
import { useExpansion } from "./use-expansion";
import { usePinDrag } from "./use-pin-drag";
import { usePins } from "./use-pins";
import { useTreeKeys } from "./use-tree-keys";

type ChatTreeProps = {
  roots: readonly Chat[];
  modelNames: Readonly<Record<string, string>>;
  openChatId: string | null;
  label: string;
  startsClosed: readonly Group[];
  search: string;
  onDialog: RowActs["dialog"];
  /** At the end of the first section's head. */
  filter: ReactNode;
};

/** Rows in their sections, as one tree for the keyboard. */
export function ChatTree(props: ChatTreeProps) {
  const { roots, openChatId, search, onDialog } = props;
  const closed = useClosedSections(props.startsClosed);
  const { isExpanded, toggle } = useExpansion(roots, openChatId);
  const pins = usePins();
  const tree = useTreeKeys({ onToggle: toggle, titleOf: (chatId) => findTitle(roots, chatId) });
  const acts = useMemo<RowActs>(() => ({ toggle, dialog: onDialog }), [toggle, onDialog]);
  const nowMs = useNow();
  const timeZone = useTimeZone();
  const sections = useMemo(() => groupChats(roots, { nowMs, timeZone }), [roots, nowMs, timeZone]);
  const pinned = sections.find(({ group }) => group === "pinned")?.chats ?? [];
  const drag = usePinDrag({
    isEnabled: !pins.isFixed,
    order: pinned.map((chat) => chat.id).join(),
    onDrop: pins.moveTo,
  });
  const shown = sections.flatMap(({ group, chats }) => (closed.isClosed(group) ? [] : chats));
  const tabStopId = tabStop(shown, [tree.focusedId, openChatId]);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    const chatId = (event.target as HTMLElement).dataset.chatId;
    if (!event.altKey || by === 0 || !chatId || !pins.placeOf(chatId)) return tree.handlers.onKeyDown(event);
    event.preventDefault();
    pins.moveBy(chatId, by);
  }

  return (
    <div role="tree" aria-label={props.label} onKeyDown={onKeyDown} onFocus={tree.handlers.onFocus}>
      {sections.map(({ group, chats }, index) => (
        // biome-ignore lint/a11y/useSemanticElements: the group of a tree, not of a form
        <div
          key={group}
          role="group"
          aria-label={GROUP_LABELS[group]}
          className="not-first:mt-1.5"
          {...(group === "pinned" ? drag : null)}
        >
          <SectionHead
            label={GROUP_LABELS[group]}
            count={chats.length}
            action={index === 0 ? props.filter : null}
            isClosed={closed.isClosed(group)}
            onToggle={() => closed.toggle(group)}
          />
          {(closed.isClosed(group) ? [] : chats).map((chat) => (
            <TreeRow
              key={chat.id}
              chat={chat}
              modelName={props.modelNames[chat.last_model_config_id ?? ""]}
              // What another row has is none of this one's business: it would draw all rows again.
              openChatId={isMember(chat, openChatId) ? openChatId : null}
              tabStopId={isMember(chat, tabStopId) ? tabStopId : null}
              isExpanded={chat.children.length > 0 ? isExpanded(chat.id) : null}
              acts={acts}
              search={search}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

type TreeRowProps = {
  chat: Chat;
  modelName: string | undefined;
  openChatId: string | null;
  tabStopId: string | null;
  isExpanded: boolean | null;
  acts: RowActs;
  search: string;
};

/** A root with its subagents. */
const TreeRow = memo(function TreeRow({ chat, openChatId, tabStopId, isExpanded, ...shared }: TreeRowProps) {
  return (
    <div role="none" className="tree-row" {...(chat.pinned ? { [PIN_ROW]: chat.id } : null)}>
      <ChatRow
        chat={chat}
        isOpen={chat.id === openChatId}
        isExpanded={isExpanded}
        isTabStop={chat.id === tabStopId}
        {...shared}
      />
      {isExpanded ? (
        <SubagentRows
          agents={chat.children}
          openChatId={openChatId}
          tabStopId={tabStopId}
          acts={shared.acts}
          search={shared.search}
        />
      ) : null}
    </div>
  );
});

const isMember = (root: Chat, chatId: string | null): boolean =>
  chatId !== null && (root.id === chatId || root.children.some((child) => child.id === chatId));

function findTitle(roots: readonly Chat[], chatId: string): string {
  const root = roots.find((each) => isMember(each, chatId));
  return (root?.id === chatId ? root : root?.children.find((child) => child.id === chatId))?.title ?? "";
}

/** The first of the candidates that is listed, else the first row: exactly one row is reached by Tab. */
function tabStop(roots: readonly Chat[], candidates: readonly (string | null)[]): string | null {
  const listed = candidates.find((id) => id !== null && roots.some((root) => isMember(root, id)));
  return listed ?? roots[0]?.id ?? null;
}
