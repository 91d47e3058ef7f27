"use client";

import { useState } from "react";
import { ChatIcon, chatIconLook } from "../agents-sidebar/chat-icon";
import { ChatTree } from "../agents-sidebar/chat-tree";
import { FilterButton } from "../agents-sidebar/filter-button";
import { FrameLayoutProvider } from "../agents-sidebar/frame-layout";
import { ListError, ListSkeleton } from "../agents-sidebar/list-states";
import { SearchProvider, SearchRow } from "../agents-sidebar/search-button";
import { SubagentRows } from "../agents-sidebar/subagent-rows";
import { panelTab } from "../right-panel/panel-tabs";
import { BesidePanel, PanelToggle } from "../right-panel/right-panel";
import { EmptyState } from "../ui/empty-state";
import { Sample, SampleSection } from "./sample";
import { iconSamples, sampleChats } from "./sample-chats";

const noop = () => {};
const acts = { toggle: noop, dialog: noop };

const TABS = ["Git", "Terminal", "Cost"].map((label) =>
  panelTab({
    id: label.toLowerCase(),
    label,
    hasContent: () => true,
    load: async () => ({
      Content: function TabSample() {
        return (
          <div className="min-h-0 flex-1 overflow-y-auto p-4">
            <EmptyState title={`${label} has no content here`} hint="The frame is what this sample is about." />
          </div>
        );
      },
    }),
  }),
);

export function SidebarSamples({ nowMs }: { nowMs: number }) {
  const [chats] = useState(() => sampleChats(nowMs));
  return (
    <SampleSection title="Sidebar and panel">
      <Sample name="List, loaded">
        <div className="w-72 max-w-full rounded-md border border-line bg-sidebar px-2 py-2">
          <SearchProvider>
            <SearchRow />
          </SearchProvider>
          <ChatTree
            roots={chats}
            modelNames={{}}
            openChatId={chats[0]?.id ?? null}
            label="Sample agents"
            startsClosed={[]}
            search=""
            onDialog={noop}
            filter={<FilterButton />}
          />
        </div>
      </Sample>
      {(["w-72", "w-90"] as const).map((width) => (
        <Sample key={width} name={`Subagents, ${width}`}>
          <div
            role="tree"
            aria-label={`Sample subagents, ${width}`}
            className={`${width} max-w-full rounded-md border border-line bg-sidebar px-2 py-2`}
          >
            <SubagentRows agents={chats[0]?.children ?? []} openChatId={null} tabStopId={null} acts={acts} search="" />
          </div>
        </Sample>
      ))}
      <Sample name="List, loading">
        <div className="w-72 max-w-full rounded-md border border-line bg-sidebar py-2">
          <ListSkeleton />
        </div>
      </Sample>
      <Sample name="List, failed">
        <ListError text="GET /chats answered 503: the database is starting." onRetry={noop} />
      </Sample>
      <Sample name="Icons">
        <ul className="grid grid-cols-2 gap-1">
          {iconSamples.map((chat) => (
            <li key={chat.id} className="flex items-center gap-2">
              <ChatIcon look={chatIconLook(chat)} />
              <span aria-hidden>{chatIconLook(chat).label}</span>
            </li>
          ))}
        </ul>
      </Sample>
      <Sample name="Panel" isWide>
        <FrameLayoutProvider
          sidebar={{ isHidden: true, widthPx: 288 }}
          panel={{ isOpen: true, widthPx: 360, tabId: "git" }}
        >
          <div className="flex h-80 flex-col overflow-hidden rounded-md border border-line">
            {chats[0] ? (
              <BesidePanel chat={chats[0]} tabs={TABS}>
                <div className="flex h-12 items-center justify-between border-line border-b px-4">
                  <span className="font-medium">A chat</span>
                  <PanelToggle chat={chats[0]} tabs={TABS} />
                </div>
              </BesidePanel>
            ) : null}
          </div>
        </FrameLayoutProvider>
      </Sample>
    </SampleSection>
  );
}
