import type { Metadata } from "next";
import { z } from "zod";
import { LimitsPage } from "@/components/costs/limits-page";
import { getUsageLimits } from "@/db/queries/usage-limits";
import { findUser, listUsers } from "@/db/queries/users";
import { getDatabase } from "@/lib/server/runtime";
import { requireAdmin } from "../../viewer";

export const metadata: Metadata = { title: "Limits" };

/** Whoever is not among the first is offered by the link on their usage page. */
const OFFERED_PEOPLE = 200;

const searchSchema = z.object({ user: z.uuid().optional().catch(undefined) });

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AdminLimitsPage({ searchParams }: Props) {
  await requireAdmin("/admin/limits");
  const { user } = searchSchema.parse(await searchParams);
  const db = getDatabase();
  const [limits, people, chosen] = await Promise.all([
    getUsageLimits(db),
    listUsers(db, { limit: OFFERED_PEOPLE, offset: 0, q: "" }),
    user && findUser(db, { userId: user }),
  ]);
  const limited = limits.overrides.map(({ user_id: id, ...override }) => ({ id, ...override }));
  const offered = new Map([...(chosen ? [chosen] : []), ...limited, ...people].map((person) => [person.id, person]));
  return (
    <LimitsPage
      initial={limits}
      people={[...offered.values()].map(({ id, username, name }) => ({ id, name: name || username }))}
      chosenId={chosen ? chosen.id : null}
    />
  );
}
