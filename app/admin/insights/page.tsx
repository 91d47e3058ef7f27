import type { Metadata } from "next";
import { InsightsView } from "@/components/costs/insights-view";
import { SettingsPage } from "@/components/settings/settings-frame";
import { getInsights } from "@/db/queries/insights";
import { insightsQuerySchema } from "@/lib/contract/costs";
import { getDatabase } from "@/lib/server/runtime";
import { requireAdmin } from "../../viewer";

export const metadata: Metadata = { title: "Pull request insights" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function InsightsPage({ searchParams }: Props) {
  await requireAdmin("/admin/insights");
  const query = insightsQuerySchema.safeParse({ days: (await searchParams).days });
  const days = query.success ? query.data.days : 30;
  return (
    <SettingsPage title="Pull request insights">
      <InsightsView insights={await getInsights(getDatabase(), { days })} />
    </SettingsPage>
  );
}
