import type { Metadata } from "next";
import { CompactionThresholds } from "@/components/settings/compaction-thresholds";
import { PersonalPromptForm } from "@/components/settings/personal-prompt-form";
import { SettingsSection } from "@/components/settings/section";
import { SettingsPage } from "@/components/settings/settings-frame";
import { listServedModels } from "@/db/queries/model-configs";
import { getPersonalSettings } from "@/db/queries/user-settings";
import { getDatabase } from "@/lib/server/runtime";
import { requireViewer } from "../../viewer";

export const metadata: Metadata = { title: "Agents" };

export default async function AgentSettingsPage() {
  const { user } = await requireViewer("/settings/agents");
  const db = getDatabase();
  const [settings, served] = await Promise.all([getPersonalSettings(db, { userId: user.id }), listServedModels(db)]);
  const models = served.map(({ config, provider }) => ({
    id: config.id,
    name: config.display_name,
    provider: provider.displayName,
    contextLimit: config.context_limit,
    threshold: config.compression_threshold,
  }));
  return (
    <SettingsPage title="Agents">
      <SettingsSection title="Personal instructions" hint="Every agent of yours is given them.">
        <PersonalPromptForm prompt={settings.personal_prompt} />
      </SettingsSection>
      <SettingsSection
        title="Compaction"
        hint="When a context is this full, the agent goes on from a summary of the conversation. 100 % waits until the model refuses."
      >
        <CompactionThresholds models={models} thresholds={settings.compaction_thresholds} />
      </SettingsSection>
    </SettingsPage>
  );
}
