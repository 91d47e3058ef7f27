import { getUsageLimits, upsertUsageLimits } from "@/db/queries/usage-limits";
import { putUsageLimitsSchema, usageLimitsSchema } from "@/lib/contract/costs";
import { route } from "@/lib/server/http";

export const GET = route(
  { access: "admin", summary: "The spend limits: the default and every override.", response: usageLimitsSchema },
  async ({ db }) => getUsageLimits(db),
);

export const PUT = route(
  {
    access: "admin",
    summary: "Sets the default spend limit and its period. Agents that waited for it go on within seconds.",
    body: putUsageLimitsSchema,
    response: usageLimitsSchema,
  },
  async ({ db, body }) => {
    await upsertUsageLimits(db, body);
    return getUsageLimits(db);
  },
);
