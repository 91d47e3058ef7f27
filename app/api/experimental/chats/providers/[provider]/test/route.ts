import { z } from "zod";
import { providerTestSchema, testProviderSchema } from "@/lib/contract/models";
import { testProvider } from "@/lib/models/test-provider";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "admin",
    summary: "Asks the provider for one word and tells how that went, in the provider's own words.",
    params: z.object({ provider: z.uuid() }),
    body: testProviderSchema,
    response: providerTestSchema,
    status: 200,
  },
  async ({ request, db, runtime, params, body }) =>
    testProvider({ db, keys: runtime, providerId: params.provider, model: body.model, signal: request.signal }),
);
