import { z } from "zod";
import { listModelConfigs } from "@/db/queries/model-configs";
import { createModelConfigSchema, modelConfigSchema } from "@/lib/contract/models";
import { createModelConfig } from "@/lib/models/model-configs";
import { route } from "@/lib/server/http";

export const GET = route(
  { access: "admin", summary: "Lists the model configurations.", response: z.array(modelConfigSchema) },
  async ({ db }) => listModelConfigs(db),
);

export const POST = route(
  {
    access: "admin",
    summary: "Adds a model configuration; the first one becomes the default.",
    body: createModelConfigSchema,
    response: modelConfigSchema,
    status: 201,
  },
  async ({ db, body }) => createModelConfig(db, body),
);
