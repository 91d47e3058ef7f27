import type { ReactNode } from "react";
import { SettingsFrame } from "@/components/settings/settings-frame";
import { requireViewer } from "../viewer";

/** `/agents/analytics` stands beside the settings, not beside the list of agents. */
export default async function UsageLayout({ children }: { children: ReactNode }) {
  const { user } = await requireViewer("/agents/analytics");
  return <SettingsFrame user={user}>{children}</SettingsFrame>;
}
