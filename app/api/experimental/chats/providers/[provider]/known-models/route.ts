import { z } from "zod";
import { knownModelSchema } from "@/lib/contract/models";
import { listKnownModels } from "@/lib/models/known-models";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "admin",
    summary:
      "Lists the models that the maintained price list has for the provider; what is configured never changes by it.",
    params: z.object({ provider: z.uuid() }),
    response: z.array(knownModelSchema),
  },
  async ({ db, params }) => listKnownModels(db, { providerId: params.provider }),
);
