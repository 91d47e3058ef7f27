import type { Metadata } from "next";
import { TemplatesPage } from "@/components/admin/templates/templates-page";
import { listTemplatesInUse } from "@/db/queries/templates";
import { getDatabase } from "@/lib/server/runtime";
import { requireAdmin } from "../../viewer";

export const metadata: Metadata = { title: "Templates" };

export default async function AdminTemplatesPage() {
  await requireAdmin("/admin/templates");
  return <TemplatesPage initial={await listTemplatesInUse(getDatabase())} />;
}
