import { getPersonalSettings } from "@/db/queries/user-settings";
import { personalSettingsSchema, putPersonalSettingsSchema } from "@/lib/contract/settings";
import { changePersonalSettings } from "@/lib/models/personal-settings";
import { route } from "@/lib/server/http";

export const GET = route(
  { access: "member", summary: "Reads one's own settings.", response: personalSettingsSchema },
  async ({ db, actor }) => getPersonalSettings(db, { userId: actor.userId }),
);

export const PUT = route(
  {
    access: "member",
    summary: "Changes one's own settings: personal prompt, compaction thresholds by model, notifications.",
    body: putPersonalSettingsSchema,
    response: personalSettingsSchema,
  },
  async ({ db, actor, body }) => changePersonalSettings({ db, userId: actor.userId, changes: body }),
);
