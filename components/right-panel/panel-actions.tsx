"use client";

import { createContext, type ReactNode, useContext } from "react";
import { createPortal } from "react-dom";

/** Where the buttons of the tab that shows are drawn. */
export const PanelActionsBar = createContext<HTMLElement | null>(null);

/** Buttons of a tab, drawn in the panel's tab bar while the tab shows. */
export function PanelActions({ children }: { children: ReactNode }) {
  const bar = useContext(PanelActionsBar);
  return bar ? createPortal(children, bar) : null;
}
