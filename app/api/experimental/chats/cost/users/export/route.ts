import { readUserCosts, USER_COST_COLUMNS } from "@/db/queries/cost-exports";
import { toCostRange, userCostExportQuerySchema } from "@/lib/contract/costs";
import { csvResponse } from "@/lib/csv";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "admin",
    summary: "What everybody spent in [start_date, end_date), as CSV: a row for each person.",
    query: userCostExportQuerySchema,
  },
  async ({ request, runtime, query: { username: search, ...dated } }) => {
    const rows = readUserCosts(runtime.sql, { ...toCostRange(dated).range, search });
    return csvResponse({ name: "usage-by-person", columns: USER_COST_COLUMNS, rows, signal: request.signal });
  },
);
