import { z } from "zod";
import { availableModelSchema } from "@/lib/contract/models";
import { listAvailableModels } from "@/lib/models/resolve-model";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Lists the models one may pick, the default first.",
    response: z.array(availableModelSchema),
  },
  async ({ db, runtime }) => listAvailableModels({ db, env: runtime.env }),
);
