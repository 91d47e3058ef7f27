import { getInsights } from "@/db/queries/insights";
import { insightsQuerySchema, insightsSchema } from "@/lib/contract/costs";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "admin",
    summary: "Pull requests that agents opened: how many were merged, and what a merged one cost.",
    query: insightsQuerySchema,
    response: insightsSchema,
  },
  async ({ db, query }) => getInsights(db, query),
);
