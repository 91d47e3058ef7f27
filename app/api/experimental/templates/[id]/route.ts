import { z } from "zod";
import { deleteTemplate, updateTemplate } from "@/db/queries/templates";
import { notFound } from "@/lib/contract/errors";
import { patchTemplateSchema, templateSchema } from "@/lib/contract/workspaces";
import { route } from "@/lib/server/http";

const params = z.object({ id: z.uuid() });

export const PATCH = route(
  { access: "admin", summary: "Changes a template.", params, body: patchTemplateSchema, response: templateSchema },
  async ({ db, params: { id }, body }) => {
    const template = await updateTemplate(db, { id, values: body });
    if (!template) throw notFound();
    return template;
  },
);

export const DELETE = route(
  { access: "admin", summary: "Deletes a template; its workspaces stay.", params },
  async ({ db, params: { id } }) => {
    if (!(await deleteTemplate(db, { id }))) throw notFound();
  },
);
