import type { ReactNode } from "react";
import { SettingsFrame } from "@/components/settings/settings-frame";
import { requireViewer } from "../viewer";

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const { user } = await requireViewer("/settings");
  return <SettingsFrame user={user}>{children}</SettingsFrame>;
}
