import type { Metadata } from "next";
import { z } from "zod";
import { LimitsPage } from "@/components/costs/limits-page";
import { getUsageLimits } from "@/db/queries/usage-limits";
import { listUsers } from "@/db/queries/users";
import { getDatabase } from "@/lib/server/runtime";
import { requireAdmin } from "../../viewer";

export const metadata: Metadata = { title: "Limits" };

/** Whoever is not among the first is found by the link on their usage page. */
const OFFERED_PEOPLE = 200;

const searchSchema = z.object({ user: z.uuid().optional().catch(undefined) });

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AdminLimitsPage({ searchParams }: Props) {
  await requireAdmin("/admin/limits");
  const { user } = searchSchema.parse(await searchParams);
  const db = getDatabase();
  const [limits, people] = await Promise.all([
    getUsageLimits(db),
    listUsers(db, { limit: OFFERED_PEOPLE, offset: 0, q: "" }),
  ]);
  const offered = people.map(({ id, username, name }) => ({ id, name: name || username }));
  return <LimitsPage initial={limits} people={offered} chosenId={user ?? null} />;
}
