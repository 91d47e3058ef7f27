import type { Metadata } from "next";
import { NewAgent } from "@/components/chat/new-agent";
import { listTemplates } from "@/db/queries/templates";
import { listAvailableModels } from "@/lib/models/resolve-model";
import { getDatabase, getRuntime } from "@/lib/server/runtime";
import { requireViewer } from "../viewer";

export const metadata: Metadata = { title: "New agent" };

export default async function NewAgentPage() {
  const { user } = await requireViewer("/agents");
  const db = getDatabase();
  const [models, templates] = await Promise.all([
    listAvailableModels({ db, env: getRuntime().env }),
    listTemplates(db, { enabledOnly: true }),
  ]);
  return (
    <NewAgent
      models={models}
      templates={templates.map(({ id, name, description }) => ({ id, name, description }))}
      isAdmin={user.role === "admin"}
    />
  );
}
