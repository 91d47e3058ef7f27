import type { Metadata } from "next";
import { NewAgent } from "@/components/chat/new-agent";
import { listTemplates } from "@/db/queries/templates";
import { listWorkspaces } from "@/db/queries/workspaces";
import { listAvailableModels } from "@/lib/models/resolve-model";
import { getDatabase, getRuntime } from "@/lib/server/runtime";
import { requireViewer } from "../viewer";

export const metadata: Metadata = { title: "New agent" };

/** More than anybody reads in a menu. */
const MAX_WORKSPACES = 30;

export default async function NewAgentPage() {
  const { user } = await requireViewer("/agents");
  const db = getDatabase();
  const [models, templates, workspaces] = await Promise.all([
    listAvailableModels({ db, env: getRuntime().env }),
    listTemplates(db, { enabledOnly: true }),
    listWorkspaces(db, { ownerId: user.id }),
  ]);
  return (
    <NewAgent
      models={models}
      templates={templates.map(({ id, name, description }) => ({ id, name, description }))}
      workspaces={workspaces
        .filter(({ status }) => status !== "deleting" && status !== "deleted")
        .slice(0, MAX_WORKSPACES)
        .map(({ id, name, repository, branch, status }) => ({ id, name, repository, branch, status }))}
      isAdmin={user.role === "admin"}
    />
  );
}
