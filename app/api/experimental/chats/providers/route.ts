import { z } from "zod";
import { listProviders } from "@/db/queries/providers";
import { createProviderSchema, providerSchema } from "@/lib/contract/models";
import { createProvider } from "@/lib/models/providers";
import { route } from "@/lib/server/http";

export const GET = route(
  { access: "admin", summary: "Lists the model providers.", response: z.array(providerSchema) },
  async ({ db }) => listProviders(db),
);

export const POST = route(
  {
    access: "admin",
    summary: "Adds a model provider.",
    body: createProviderSchema,
    response: providerSchema,
    status: 201,
  },
  async ({ db, runtime, body }) => createProvider({ db, secrets: runtime.secrets }, body),
);
