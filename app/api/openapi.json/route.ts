import { z } from "zod";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Describes this interface as an OpenAPI 3.1 document.",
    response: z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) }),
  },
  async ({ runtime }) => runtime.apiDocument(),
);
