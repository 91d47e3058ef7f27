import { listUserCosts } from "@/db/queries/costs";
import { toCostRange, userCostsQuerySchema, userCostsSchema } from "@/lib/contract/costs";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "admin",
    summary: "What everybody spent in [start_date, end_date), one page at a time.",
    query: userCostsQuerySchema,
    response: userCostsSchema,
  },
  async ({ db, query }) => {
    const { username: search, limit, offset, sort, ...dated } = query;
    const { range, dates } = toCostRange(dated);
    return { ...dates, ...(await listUserCosts(db, { ...range, search, limit, offset, sort })) };
  },
);
