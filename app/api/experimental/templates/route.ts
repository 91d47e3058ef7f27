import { z } from "zod";
import { insertTemplate, listTemplates, listTemplatesInUse } from "@/db/queries/templates";
import { createTemplateSchema, listedTemplateSchema, templateSchema } from "@/lib/contract/workspaces";
import { newId } from "@/lib/ids";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Lists the templates; members see the enabled ones.",
    response: z.array(listedTemplateSchema),
  },
  ({ db, actor }) => (actor.role === "admin" ? listTemplatesInUse(db) : listTemplates(db, { enabledOnly: true })),
);

export const POST = route(
  {
    access: "admin",
    summary: "Adds a template.",
    body: createTemplateSchema,
    response: templateSchema,
    status: 201,
  },
  ({ db, body }) => insertTemplate(db, { id: newId(), ...body }),
);
