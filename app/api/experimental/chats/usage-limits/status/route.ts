import { getLimitStatus } from "@/lib/chats/spend-limit";
import { usageLimitStatusSchema } from "@/lib/contract/costs";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "The caller's spend limit, and what was spent of it in the running period.",
    response: usageLimitStatusSchema,
  },
  async ({ runtime, actor }) => getLimitStatus(runtime.sql, { ownerId: actor.userId }),
);
