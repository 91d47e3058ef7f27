import { z } from "zod";
import { getCostSummary } from "@/db/queries/costs";
import { getSpender } from "@/lib/auth/get-account";
import { getLimitStatus } from "@/lib/chats/spend-limit";
import { costRangeQuerySchema, costSummarySchema, toCostRange } from "@/lib/contract/costs";
import { userPathSchema } from "@/lib/contract/users";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "What a person spent in [start_date, end_date), by model and by chat; the last 30 days by default.",
    params: z.object({ user: userPathSchema }),
    query: costRangeQuerySchema,
    response: costSummarySchema,
  },
  async ({ runtime, db, actor, params, query }) => {
    const { id: ownerId } = await getSpender(db, { actor, user: params.user });
    const { range, dates } = toCostRange(query);
    const [figures, usage_limit] = await Promise.all([
      getCostSummary(db, { ownerId, ...range }),
      getLimitStatus(runtime.sql, { ownerId }),
    ]);
    return { ...dates, ...figures, usage_limit };
  },
);
