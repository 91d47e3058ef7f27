import { z } from "zod";
import { modelConfigSchema, patchModelConfigSchema } from "@/lib/contract/models";
import { changeModelConfig, deleteModelConfig } from "@/lib/models/model-configs";
import { route } from "@/lib/server/http";

const params = z.object({ config: z.uuid() });

export const PATCH = route(
  {
    access: "admin",
    summary: "Changes a model configuration; what is absent stays.",
    params,
    body: patchModelConfigSchema,
    response: modelConfigSchema,
  },
  async ({ db, params, body }) => changeModelConfig(db, { modelConfigId: params.config, changes: body }),
);

export const DELETE = route(
  {
    access: "admin",
    summary: "Deletes a model configuration; chats that used it go on with the default.",
    params,
    status: 204,
  },
  async ({ db, params }) => deleteModelConfig(db, { modelConfigId: params.config }),
);
