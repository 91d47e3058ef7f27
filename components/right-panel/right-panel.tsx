"use client";

import { useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { PanelRight } from "lucide-react";
import { type ComponentProps, type ReactNode, useEffect, useEffectEvent } from "react";
import type { Chat } from "@/lib/contract/chats";
import { usePanel } from "../agents-sidebar/frame-layout";
import { IconButton } from "../ui/icon-button";
import { lateCode, useLateCode } from "../ui/late-code";
import { useWindowWidth } from "../ui/use-window-width";
import { CHAT_MIN_PX, SIDE_BY_SIDE_PX } from "./panel-layout";
import { PANEL_TABS, type PanelTab } from "./panel-tabs";
import { usePanelDrag } from "./use-panel-drag";

const frameCode = lateCode(async () => (await import("./panel-frame")).PanelFrame);

type RightPanelProps = {
  chat: Chat;
  tabs?: readonly PanelTab[];
};

/**
 * For what opens the panel: its code and what its tab will show are asked for as soon as somebody points at it, so that
 * both are there with the press.
 */
export function usePanelOpener({ chat, tabs = PANEL_TABS, tabId }: RightPanelProps & { tabId?: string }) {
  const panel = usePanel();
  const client = useQueryClient();
  const prepare = () => {
    const wantedId = tabId ?? panel.tabId;
    const tab = tabs.find((each) => each.id === wantedId) ?? tabs.find((each) => each.hasContent(chat));
    // What does not load is said where it is shown.
    frameCode.load().catch(() => {});
    tab?.code.load().then(
      (code) => code.prepare?.(chat, client),
      () => {},
    );
  };
  const open = () => {
    prepare();
    panel.open(tabId);
  };
  return { open, handlers: { onPointerEnter: prepare, onFocus: prepare } };
}

/** Opens and closes the panel; it stands last in the chat's top bar. Without a tab to show there is no button. */
export function PanelToggle({ chat, tabs = PANEL_TABS }: RightPanelProps) {
  const panel = usePanel();
  const opener = usePanelOpener({ chat, tabs });
  const isOpen = useWindowWidth() < SIDE_BY_SIDE_PX ? panel.isCovering : panel.isOpen;
  if (!tabs.some((tab) => tab.hasContent(chat))) return null;
  return (
    <IconButton
      icon={PanelRight}
      label={isOpen ? "Close panel" : "Open panel"}
      active={isOpen}
      aria-expanded={isOpen}
      data-panel-toggle
      {...opener.handlers}
      onClick={() => (isOpen ? panel.close() : opener.open())}
      className="max-sm:size-11"
    />
  );
}

/** A chat with its panel beside it; in a window narrower than 1024 px the panel covers the chat. */
export function BesidePanel({ chat, tabs = PANEL_TABS, children }: RightPanelProps & { children: ReactNode }) {
  const panel = usePanel();
  const drag = usePanelDrag();
  const uncover = useEffectEvent(() => panel.uncover());
  useEffect(() => () => uncover(), []);
  const shown = tabs.filter((tab) => tab.hasContent(chat));
  const isShown = shown.length > 0 && (panel.isOpen || panel.isCovering);
  return (
    <div className="flex min-h-0 flex-1 max-sm:h-(--frame-height)">
      <div
        style={{ minWidth: isShown && panel.isOpen ? `min(${CHAT_MIN_PX}px, 100%)` : undefined }}
        className={clsx(
          "flex min-h-0 min-w-0 flex-1 flex-col",
          isShown && panel.isCovering && "max-lg:hidden",
          isShown && panel.isOpen && drag.isFilled && "lg:hidden",
        )}
      >
        {children}
      </div>
      {isShown ? <LateFrame chat={chat} tabs={shown} drag={drag} /> : null}
    </div>
  );
}

type FrameProps = ComponentProps<NonNullable<ReturnType<typeof frameCode.get>>>;

/** The panel's place, until its code is there. */
function LateFrame(props: FrameProps) {
  const PanelFrame = useLateCode(frameCode);
  if (PanelFrame) return <PanelFrame {...props} />;
  return <div style={{ flexBasis: props.drag.widthPx }} className="border-line border-l max-lg:hidden" />;
}
