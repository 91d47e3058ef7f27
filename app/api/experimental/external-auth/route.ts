import { z } from "zod";
import { externalAuthSchema } from "@/lib/contract/external-auth";
import { listExternalAuth } from "@/lib/external-auth/links";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Lists the git hosts and the caller's accounts there.",
    response: z.array(externalAuthSchema),
  },
  async ({ runtime, db, actor }) => listExternalAuth({ ...runtime, db }, { userId: actor.userId }),
);
