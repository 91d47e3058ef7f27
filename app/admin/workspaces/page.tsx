import type { Metadata } from "next";
import { WorkspacesPage } from "@/components/admin/workspaces/workspaces-page";
import { listAdministeredWorkspaces } from "@/db/queries/administered-workspaces";
import { getDatabase } from "@/lib/server/runtime";
import { requireAdmin } from "../../viewer";

export const metadata: Metadata = { title: "Workspaces" };

/** As many as the browser asks for: `components/admin/workspaces/use-workspace-admin.ts`. */
const FIRST_PAGE_SIZE = 100;

export default async function AdminWorkspacesPage() {
  await requireAdmin("/admin/workspaces");
  return (
    <WorkspacesPage initial={await listAdministeredWorkspaces(getDatabase(), { limit: FIRST_PAGE_SIZE, offset: 0 })} />
  );
}
