import type { Metadata } from "next";
import { ModelsPage } from "@/components/admin/models/models-page";
import { listModelConfigs } from "@/db/queries/model-configs";
import { listProviders } from "@/db/queries/providers";
import { knownModels } from "@/lib/models/known-models";
import { getDatabase } from "@/lib/server/runtime";
import { requireAdmin } from "../../viewer";

export const metadata: Metadata = { title: "Models" };

export default async function AdminModelsPage() {
  await requireAdmin("/admin/models");
  const db = getDatabase();
  const [providers, configs] = await Promise.all([listProviders(db), listModelConfigs(db)]);
  return <ModelsPage providers={providers} configs={configs} suggestions={knownModels} />;
}
