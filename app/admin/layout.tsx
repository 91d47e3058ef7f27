import type { ReactNode } from "react";
import { SettingsFrame } from "@/components/settings/settings-frame";
import { requireAdmin } from "../viewer";

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { user } = await requireAdmin("/admin/models");
  return <SettingsFrame user={user}>{children}</SettingsFrame>;
}
