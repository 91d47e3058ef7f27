"use client";

import { PanelLeft } from "lucide-react";
import { IconButton } from "../ui/icon-button";
import { useSidebar } from "./frame-layout";

/** Shows the sidebar again; it stands first in the page's own top bar and draws nothing while the sidebar shows. */
export function SidebarToggle() {
  const { isHidden, setHidden } = useSidebar();
  if (!isHidden) return null;
  return (
    <span className="flex max-sm:hidden">
      <IconButton icon={PanelLeft} label="Show sidebar" onClick={() => setHidden(false)} />
    </span>
  );
}
