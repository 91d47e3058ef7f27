import { z } from "zod";
import { patchProviderSchema, providerSchema } from "@/lib/contract/models";
import { changeProvider, deleteProvider } from "@/lib/models/providers";
import { route } from "@/lib/server/http";

const params = z.object({ provider: z.uuid() });

export const PATCH = route(
  {
    access: "admin",
    summary: "Changes a model provider; what is absent stays, `api_key: null` removes the key.",
    params,
    body: patchProviderSchema,
    response: providerSchema,
  },
  async ({ db, runtime, params, body }) =>
    changeProvider({ db, secrets: runtime.secrets }, { providerId: params.provider, changes: body }),
);

export const DELETE = route(
  { access: "admin", summary: "Deletes a model provider and its models.", params, status: 204 },
  async ({ db, params }) => deleteProvider(db, { providerId: params.provider }),
);
