import type { QueryClient } from "@tanstack/react-query";
import type { ComponentType } from "react";
import type { Chat } from "@/lib/contract/chats";
import { type LateCode, lateCode } from "../ui/late-code";

export type PanelTabProps = { chat: Chat };

export type PanelTabCode = {
  Content: ComponentType<PanelTabProps>;
  /** Begins to read what the tab will show: somebody points at what opens it. */
  prepare?: (chat: Chat, client: QueryClient) => void;
};

export type PanelTab = {
  /** Lower case; remembered by the browser and used by `usePanel().open`. */
  id: string;
  label: string;
  /** Whether the chat has what the tab shows. Called at every draw of the chat: cheap and pure. */
  hasContent: (chat: Chat) => boolean;
  code: LateCode<PanelTabCode>;
};

/** The tab that the pull request's chip opens. */
export const GIT_TAB = "git";

/** A tab whose code is loaded when it is first shown. */
export function panelTab(tab: Omit<PanelTab, "code"> & { load: () => Promise<PanelTabCode> }): PanelTab {
  const { load, ...rest } = tab;
  return { ...rest, code: lateCode(load) };
}

/**
 * The tabs of the right panel in their order: Git, Terminal, Desktop, Cost. A tab is one entry here and one component
 * that takes `{ chat }`:
 *
 *     panelTab({ id: "cost", label: "Cost", hasContent: () => true,
 *       load: async () => ({ Content: (await import("../costs/chat-cost")).ChatCost }) }),
 *
 * The component fills a flex column: its scroll area is `min-h-0 flex-1 overflow-y-auto`, its 48 px foot a last child,
 * its buttons in the tab bar are in `<PanelActions>`. It is kept, without its effects, while another tab shows.
 */
export const PANEL_TABS: readonly PanelTab[] = [
  panelTab({
    id: GIT_TAB,
    label: "Git",
    hasContent: () => true,
    load: async () => {
      const [{ GitPanel }, { prepareGitPanel }] = await Promise.all([
        import("../git-panel/git-panel"),
        import("../git-panel/use-pull-request-diff"),
      ]);
      return { Content: GitPanel, prepare: prepareGitPanel };
    },
  }),
  panelTab({
    id: "cost",
    label: "Cost",
    hasContent: () => true,
    load: async () => ({ Content: (await import("../costs/chat-cost")).ChatCost }),
  }),
];
