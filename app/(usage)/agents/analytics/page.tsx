import type { Metadata } from "next";
import { SettingsPage } from "@/components/settings/settings-frame";
import { parseUsageRange } from "@/lib/usage-range";
import { PersonUsage, UsageRangePicker } from "../../../person-usage";
import { readerZone } from "../../../reader-zone";
import { requireViewer } from "../../../viewer";

export const metadata: Metadata = { title: "My usage" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function MyUsagePage({ searchParams }: Props) {
  const { user } = await requireViewer("/agents/analytics");
  const search = await searchParams;
  const range = parseUsageRange(search, { nowMs: Date.now(), timeZone: await readerZone() });
  return (
    <SettingsPage title="My usage" acts={<UsageRangePicker range={range} />}>
      <PersonUsage
        ownerId={user.id}
        range={range}
        isAdmin={user.role === "admin"}
        isOwn
        showAll={search.chats === "all"}
        keep={{}}
      />
    </SettingsPage>
  );
}
