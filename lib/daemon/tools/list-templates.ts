/** Lists the templates that workspaces can be made from. */
import { listTemplates } from "@/db/queries/templates";
import { listTemplatesTool } from "@/lib/agent/tools/list-templates";
import type { RunContext } from "../run-context";
import { type ServerTool, serverTool, success } from "./server-tool";

/** More would crowd out the task; the rest can be named by id. */
const MAX_LISTED = 50;

export const createListTemplates = ({ parts }: RunContext): ServerTool =>
  serverTool(listTemplatesTool, async () => {
    const templates = await listTemplates(parts.db, { enabledOnly: true });
    return success({
      templates: templates.slice(0, MAX_LISTED).map(({ id, name, description, config }) => ({
        template_id: id,
        name,
        description,
        repository: config.repository ?? null,
      })),
    });
  });
