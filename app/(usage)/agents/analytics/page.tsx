import type { Metadata } from "next";
import { SettingsPage } from "@/components/settings/settings-frame";
import { parseUsageRange } from "@/lib/usage-range";
import { PersonUsage, readPersonUsage, UsageRangePicker } from "../../../person-usage";
import { readerZone } from "../../../reader-zone";
import { requireViewer } from "../../../viewer";

export const metadata: Metadata = { title: "My usage" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function MyUsagePage({ searchParams }: Props) {
  const { user } = await requireViewer("/agents/analytics");
  const search = await searchParams;
  const range = parseUsageRange(search, { nowMs: Date.now(), timeZone: await readerZone() });
  const asked = { ownerId: user.id, range, showAll: search.chats === "all" };
  const figures = await readPersonUsage(asked);
  return (
    <SettingsPage title="My usage" acts={<UsageRangePicker range={range} />}>
      <PersonUsage {...asked} figures={figures} isAdmin={user.role === "admin"} isOwn keep={{}} />
    </SettingsPage>
  );
}
