import { z } from "zod";
import { CALL_COLUMNS, CHAT_COST_COLUMNS, readCalls, readChatCosts } from "@/db/queries/cost-exports";
import { getSpender } from "@/lib/auth/get-account";
import { costExportQuerySchema, toCostRange } from "@/lib/contract/costs";
import { userPathSchema } from "@/lib/contract/users";
import { csvResponse } from "@/lib/csv";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "What a person spent in [start_date, end_date), as CSV: a row for each chat, or for each paid call.",
    params: z.object({ user: userPathSchema }),
    query: costExportQuerySchema,
  },
  async ({ request, runtime, db, actor, params, query: { rows: kind, ...dated } }) => {
    const { id: ownerId } = await getSpender(db, { actor, user: params.user });
    const options = { ...toCostRange(dated).range, ownerId };
    const { signal } = request;
    return kind === "calls"
      ? csvResponse({ name: "calls", columns: CALL_COLUMNS, rows: readCalls(runtime.sql, options), signal })
      : csvResponse({
          name: "usage-by-chat",
          columns: CHAT_COST_COLUMNS,
          rows: readChatCosts(runtime.sql, options),
          signal,
        });
  },
);
