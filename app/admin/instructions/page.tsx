import type { Metadata } from "next";
import { InstructionsForm } from "@/components/admin/instructions/instructions-form";
import { SettingsPage } from "@/components/settings/settings-frame";
import { getDeploymentSettings } from "@/db/queries/user-settings";
import { getDatabase } from "@/lib/server/runtime";
import { requireAdmin } from "../../viewer";

export const metadata: Metadata = { title: "Instructions" };

export default async function AdminInstructionsPage() {
  await requireAdmin("/admin/instructions");
  return (
    <SettingsPage title="Instructions">
      <InstructionsForm settings={await getDeploymentSettings(getDatabase())} />
    </SettingsPage>
  );
}
