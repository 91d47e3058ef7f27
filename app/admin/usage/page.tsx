import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { PersonHead } from "@/components/costs/person-head";
import { UserCosts } from "@/components/costs/user-costs";
import { SettingsPage } from "@/components/settings/settings-frame";
import { listUserCosts } from "@/db/queries/costs";
import { findPerson } from "@/db/queries/users";
import { USER_COST_SORTS } from "@/lib/contract/costs";
import { getDatabase } from "@/lib/server/runtime";
import { parseUsageRange, rangeSearch, type UsageRange } from "@/lib/usage-range";
import { PersonUsage, readPersonUsage, UsageRangePicker } from "../../person-usage";
import { readerZone } from "../../reader-zone";
import { requireAdmin } from "../../viewer";

export const metadata: Metadata = { title: "Usage" };

const PAGE_SIZE = 10;

const searchSchema = z.object({
  user: z.uuid().optional().catch(undefined),
  q: z.string().trim().max(100).catch(""),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
  sort: z.enum([...USER_COST_SORTS, ...USER_COST_SORTS.map((key) => `-${key}` as const)]).catch("-total_cost_micros"),
  chats: z.enum(["all"]).optional().catch(undefined),
});
type Search = z.output<typeof searchSchema>;

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AdminUsagePage({ searchParams }: Props) {
  const { user } = await requireAdmin("/admin/usage");
  const raw = await searchParams;
  const search = searchSchema.parse(raw);
  const range = parseUsageRange(raw, { nowMs: Date.now(), timeZone: await readerZone() });
  return search.user ? (
    <OnePerson search={search} range={range} userId={search.user} viewerId={user.id} />
  ) : (
    <Everybody search={search} range={range} />
  );
}

async function Everybody({ search, range }: { search: Search; range: UsageRange }) {
  const { q, sort, page } = search;
  const options = { start: range.start, end: range.end, search: q || undefined, sort, limit: PAGE_SIZE };
  const found = await listUserCosts(getDatabase(), { ...options, offset: (page - 1) * PAGE_SIZE });
  const keep: Record<string, string> = { ...(q && { q }), ...(sort !== "-total_cost_micros" && { sort }) };
  const dates = { start_date: range.start, ...(range.end && { end_date: range.end }) };
  return (
    <SettingsPage title="Usage" acts={<UsageRangePicker range={range} keep={keep} />}>
      <UserCosts
        costs={found}
        query={{ q, sort, page, pageSize: PAGE_SIZE }}
        range={rangeSearch(range)}
        dayCount={range.dayCount}
        zone={range.zoneLabel}
        exportHref={`/api/experimental/chats/cost/users/export?${new URLSearchParams({ ...dates, ...(q && { username: q }) })}`}
      />
    </SettingsPage>
  );
}

type OnePersonProps = { search: Search; range: UsageRange; userId: string; viewerId: string };

async function OnePerson({ search, range, userId, viewerId }: OnePersonProps) {
  const asked = { ownerId: userId, range, showAll: search.chats === "all" };
  const [person, figures] = await Promise.all([findPerson(getDatabase(), { userId }), readPersonUsage(asked)]);
  if (!person) notFound();
  const { q, sort, page } = search;
  const list = new URLSearchParams({ ...(q && { q }), sort, page: String(page), ...rangeSearch(range) });
  const keep = { ...(q && { q }), sort, page: String(page), user: userId };
  return (
    <SettingsPage title="Usage" acts={<UsageRangePicker range={range} keep={keep} />}>
      <PersonHead person={person} backHref={`?${list}`} />
      <PersonUsage {...asked} figures={figures} isAdmin isOwn={userId === viewerId} keep={keep} />
    </SettingsPage>
  );
}
