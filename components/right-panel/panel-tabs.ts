import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Chat } from "@/lib/contract/chats";

export type PanelTabProps = { chat: Chat };

export type PanelTab = {
  /** Lower case; remembered by the browser and used by `usePanel().open`. */
  id: string;
  label: string;
  /** Whether the chat has what the tab shows. Called at every draw of the chat: cheap and pure. */
  hasContent: (chat: Chat) => boolean;
  Content: LazyExoticComponent<ComponentType<PanelTabProps>>;
};

/** The tab that the pull request's chip opens. */
export const GIT_TAB = "git";

/** A tab whose code is loaded when it is first shown. */
export function panelTab(
  tab: Omit<PanelTab, "Content"> & { load: () => Promise<ComponentType<PanelTabProps>> },
): PanelTab {
  const { load, ...rest } = tab;
  return { ...rest, Content: lazy(async () => ({ default: await load() })) };
}

/**
 * The tabs of the right panel in their order: Git, Terminal, Desktop, Cost. A tab is one entry here and one component
 * that takes `{ chat }`:
 *
 *     panelTab({ id: "cost", label: "Cost", hasContent: () => true,
 *       load: async () => (await import("../costs/chat-cost")).ChatCost }),
 *
 * The component fills a flex column: its scroll area is `min-h-0 flex-1 overflow-y-auto`, its 48 px foot a last child,
 * its buttons in the tab bar are in `<PanelActions>`. It is kept, without its effects, while another tab shows.
 */
export const PANEL_TABS: readonly PanelTab[] = [
  panelTab({
    id: GIT_TAB,
    label: "Git",
    hasContent: () => true,
    load: async () => (await import("../git-panel/git-panel")).GitPanel,
  }),
  panelTab({
    id: "cost",
    label: "Cost",
    hasContent: () => true,
    load: async () => (await import("../costs/chat-cost")).ChatCost,
  }),
];
