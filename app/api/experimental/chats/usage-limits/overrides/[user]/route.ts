import { z } from "zod";
import { deleteOverride, getUsageLimits, upsertOverride } from "@/db/queries/usage-limits";
import { getAccount } from "@/lib/auth/get-account";
import { putUsageLimitOverrideSchema, usageLimitsSchema } from "@/lib/contract/costs";
import { notFound } from "@/lib/contract/errors";
import { userPathSchema } from "@/lib/contract/users";
import { route } from "@/lib/server/http";

const params = z.object({ user: userPathSchema });

export const PUT = route(
  {
    access: "admin",
    summary: "Gives one person a spend limit of their own; null is no limit.",
    params,
    body: putUsageLimitOverrideSchema,
    response: usageLimitsSchema,
  },
  async ({ db, actor, params, body }) => {
    const { id: userId } = await getAccount(db, { actor, user: params.user });
    await upsertOverride(db, { userId, spendLimitMicros: body.spend_limit_micros });
    return getUsageLimits(db);
  },
);

export const DELETE = route(
  { access: "admin", summary: "Takes a person's own spend limit away: the default holds again.", params },
  async ({ db, actor, params }) => {
    const { id: userId } = await getAccount(db, { actor, user: params.user });
    if (!(await deleteOverride(db, { userId }))) throw notFound();
  },
);
