import { getDeploymentSettings, upsertDeploymentSettings } from "@/db/queries/user-settings";
import { deploymentSettingsSchema, putDeploymentSettingsSchema } from "@/lib/contract/settings";
import { route } from "@/lib/server/http";

export const GET = route(
  { access: "admin", summary: "Reads the settings of the installation.", response: deploymentSettingsSchema },
  async ({ db }) => getDeploymentSettings(db),
);

export const PUT = route(
  {
    access: "admin",
    summary: "Changes the settings of the installation: system prompt and plan instructions.",
    body: putDeploymentSettingsSchema,
    response: deploymentSettingsSchema,
  },
  async ({ db, body }) => {
    await upsertDeploymentSettings(db, { changes: body });
    return getDeploymentSettings(db);
  },
);
